import type * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { errorCodes, frameCodes, type ErrorCode } from '../../../shared/contract/errors.ts';
import { events, type ServerEvent } from '../../../shared/contract/websocket/events.ts';
import { ChatError, invalidField } from '../../../shared/domain/chat-error.ts';
import type { LogEntry, MessageEntry } from '../../../shared/domain/model/log.ts';
import { viewMember, viewRoom } from '../../../shared/domain/views.ts';
import {
  chatMessage,
  closeFrame,
  entryEvent,
  errorFrame,
  messageRead,
  ready,
} from '../../../shared/realtime/frames.ts';
import { memberOf, roomId, roomOf } from '../../kit/memory-chat/chat.ts';
import { ann, start } from '../../kit/memory-chat/system.ts';

/** The event must have every field of the contract, and no other. */
function assertFollowsContract(event: ServerEvent): void {
  const schema: z.ZodObject = events[event.type];
  expect(schema.strict().parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
}

const noAttachments = (): object => ({});
const base = { roomId, seq: 4, at: start, messageSeqs: 2, outbox: false };
const author = { userId: ann.userId, username: 'ann' };
const message: MessageEntry = {
  ...base,
  kind: 'message',
  ...author,
  content: 'hi',
  clientId: 'c-1',
  isDeleted: false,
};
const edited: MessageEntry = { ...message, content: 'ho', editedAtMs: start + 1, editSeq: 5 };
const gone: MessageEntry = { ...message, content: '', editedAtMs: start + 1, isDeleted: true };
const member = memberOf(roomOf(), ann);
const room = { room: roomOf(), messageCount: 2 };
const roomView = { ...viewRoom(roomOf(), undefined), message_count: 2 };

const examples: [string, Exclude<LogEntry, { kind: 'void' }>, MessageEntry | undefined, object][] = [
  [
    'a message',
    message,
    undefined,
    { type: 'chat_message', message: 'hi', client_id: 'c-1', edited_at: null },
  ],
  [
    'an edited message',
    edited,
    undefined,
    { type: 'chat_message', message: 'ho', edited_at: '2026-11-22T12:00:00.001Z' },
  ],
  [
    'a deleted message',
    gone,
    undefined,
    { type: 'chat_message', message: 'This message has been deleted', is_deleted: true },
  ],
  [
    'an edit',
    { ...base, kind: 'edit', targetSeq: 4, ...author },
    edited,
    { type: 'message_edited', new_content: 'ho' },
  ],
  [
    'an edit of a message that was deleted since',
    { ...base, kind: 'edit', targetSeq: 4, ...author },
    gone,
    { type: 'message_deleted' },
  ],
  [
    'an edit of a message that does not exist',
    { ...base, kind: 'edit', targetSeq: 4, ...author },
    undefined,
    { type: 'message_deleted' },
  ],
  [
    'a deletion',
    { ...base, kind: 'delete', targetSeq: 3, ...author },
    undefined,
    { type: 'message_deleted', seq: 4 },
  ],
  [
    'a new member',
    { ...base, kind: 'member_added', member },
    undefined,
    { type: 'member_added', member: viewMember(member) },
  ],
  [
    'a member with another role',
    { ...base, kind: 'member_updated', member },
    undefined,
    { type: 'member_updated', member: viewMember(member) },
  ],
  [
    'a removed member',
    { ...base, kind: 'member_removed', member },
    undefined,
    { type: 'member_removed', member: { id: ann.userId, username: 'ann' } },
  ],
  [
    'a changed room',
    { ...base, kind: 'room_updated', ...room },
    undefined,
    { type: 'room_updated', room: roomView },
  ],
  [
    'a deleted room',
    { ...base, kind: 'room_deleted', ...room },
    undefined,
    { type: 'room_deleted', room: roomView },
  ],
];

describe('the event of a log entry', () => {
  it.each(examples)('follows the contract for %s', (_, entry, target, expected) => {
    const event = entryEvent(entry, target, noAttachments);
    expect(event).toMatchObject(expected);
    assertFollowsContract(event);
  });

  it('exists for every kind of entry but void entries', () => {
    const kinds: Record<Exclude<LogEntry['kind'], 'void'>, true> = {
      message: true,
      edit: true,
      delete: true,
      member_added: true,
      member_updated: true,
      member_removed: true,
      room_updated: true,
      room_deleted: true,
    };
    expect(new Set(examples.map(([, { kind }]) => kind))).toEqual(new Set(Object.keys(kinds)));
  });

  it('has no client_id for a message without one', () => {
    const { clientId: _, ...plain } = message;
    expect(chatMessage(plain, noAttachments)).not.toHaveProperty('client_id');
  });
});

describe('other events', () => {
  it('follow the contract when a socket is ready, with a room and without one', () => {
    const head = {
      roomId,
      seq: 0,
      messageSeqs: 0,
      voids: 0,
      dead: { seqs: [], archivedTo: 0 },
      lastMessageSeq: 0,
      lastAtMs: 0,
      shards: 1,
    };
    const times = { heartbeatSeconds: 25, now: start };
    assertFollowsContract(ready(author, { roomId, name: 'general', head }, times));
    assertFollowsContract(ready(author, undefined, times));
    expect(ready(author, undefined, times)).toMatchObject({ room_id: null, room: null, head: null });
  });

  it('contain a read marker, and do not exist without one', () => {
    expect(messageRead(memberOf(roomOf(), ann))).toBeUndefined();
    assertFollowsContract(
      messageRead(memberOf(roomOf(), ann, { lastRead: { seq: 4, messageSeqs: 2, at: start } }))!,
    );
  });

  it.each(Object.keys(errorCodes) as ErrorCode[])(
    'answer the error %s with the code of the contract',
    (code) => {
      const frame = errorFrame(new ChatError(code, { retryAfterMs: 12.5 }), 'ref-1');
      const { frame: name } = errorCodes[code];
      expect(frame).toMatchObject({
        name,
        code: frameCodes[name].code,
        retryable: frameCodes[name].retryable,
        retry_after_ms: 13,
        ref: 'ref-1',
      });
      assertFollowsContract(frame);
    },
  );

  it('name the invalid field', () => {
    expect(errorFrame(invalidField('content', 'is missing'), undefined)).toMatchObject({
      error: 'The message is missing.',
    });
    expect(errorFrame(invalidField('', 'is not JSON'), undefined)).toMatchObject({
      error: 'The request is not JSON.',
    });
  });

  it.each(Object.keys(frameCodes) as (keyof typeof frameCodes)[])(
    'close with %s and say whether to reconnect',
    (name) => {
      const { code, reconnect, resume } = frameCodes[name];
      const frame = closeFrame(name, 'because');
      expect(frame).toEqual({ type: 'close', code, reason: 'because', reconnect, resume });
      assertFollowsContract(frame);
    },
  );
});
