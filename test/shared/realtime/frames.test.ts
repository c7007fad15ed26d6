import type * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { errorCodes, frameCodes, type ErrorCode } from '../../../shared/contract/errors.ts';
import { events, type ServerEvent } from '../../../shared/contract/websocket/events.ts';
import { ChatError, invalidField } from '../../../shared/domain/chat-error.ts';
import type { LogEntry, MessageEntry } from '../../../shared/domain/model.ts';
import { viewMember, viewRoom } from '../../../shared/domain/views.ts';
import {
  chatMessage,
  closeFrame,
  entryEvent,
  errorFrame,
  messageRead,
  ready,
} from '../../../shared/realtime/frames.ts';
import { memberOf, roomId, roomOf } from '../fakes/chat.ts';
import { ann, start } from '../fakes/system.ts';

/** By the contract, with nothing that it does not name. */
function mustFollowContract(event: ServerEvent): void {
  const schema: z.ZodObject = events[event.type];
  expect(schema.strict().parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
}

const base = { roomId, seq: 4, at: start, taken: 2, outbox: false };
const author = { userId: ann.userId, username: 'ann' };
const message: MessageEntry = {
  ...base,
  kind: 'message',
  ...author,
  content: 'hi',
  clientId: 'c-1',
  isDeleted: false,
};
const edited: MessageEntry = { ...message, content: 'ho', editedAt: start + 1, editSeq: 5 };
const gone: MessageEntry = { ...message, content: '', editedAt: start + 1, isDeleted: true };
const member = viewMember(memberOf(roomOf(), ann));
const room = viewRoom(roomOf(), undefined);

const told: [string, Exclude<LogEntry, { kind: 'void' }>, MessageEntry | undefined, object][] = [
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
    'an edit of what was deleted since',
    { ...base, kind: 'edit', targetSeq: 4, ...author },
    gone,
    { type: 'message_deleted' },
  ],
  [
    'an edit of what is nowhere',
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
  ['a new member', { ...base, kind: 'member_added', member }, undefined, { type: 'member_added', member }],
  [
    'a member with another role',
    { ...base, kind: 'member_updated', member },
    undefined,
    { type: 'member_updated', member },
  ],
  [
    'a removed member',
    { ...base, kind: 'member_removed', member },
    undefined,
    { type: 'member_removed', member: { id: ann.userId, username: 'ann' } },
  ],
  ['a changed room', { ...base, kind: 'room_updated', room }, undefined, { type: 'room_updated', room }],
  ['a deleted room', { ...base, kind: 'room_deleted', room }, undefined, { type: 'room_deleted', room }],
];

describe('the frame of an entry', () => {
  it.each(told)('%s follows the contract', (_, entry, target, expected) => {
    const event = entryEvent(entry, target);
    expect(event).toMatchObject(expected);
    mustFollowContract(event);
  });

  it('is there for every kind but tombstones', () => {
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
    expect(new Set(told.map(([, { kind }]) => kind))).toEqual(new Set(Object.keys(kinds)));
  });

  it('of a message without client_id has none', () => {
    const { clientId: _, ...plain } = message;
    expect(chatMessage(plain)).not.toHaveProperty('client_id');
  });
});

describe('other frames', () => {
  it('of a socket with a room and without one follow the contract', () => {
    const head = {
      roomId,
      seq: 0,
      taken: 0,
      voids: 0,
      dead: { seqs: [], archivedTo: 0 },
      lastMessageSeq: 0,
      lastAt: 0,
      shards: 1,
    };
    const times = { heartbeatSeconds: 25, now: start };
    mustFollowContract(ready(author, { roomId, name: 'general', head }, times));
    mustFollowContract(ready(author, undefined, times));
    expect(ready(author, undefined, times)).toMatchObject({ room_id: null, room: null, head: null });
  });

  it('tell a marker, and nothing where there is none', () => {
    expect(messageRead(memberOf(roomOf(), ann))).toBeUndefined();
    mustFollowContract(messageRead(memberOf(roomOf(), ann, { lastRead: { seq: 4, taken: 2, at: start } }))!);
  });

  it.each(Object.keys(errorCodes) as ErrorCode[])(
    'tell %s with the code that the contract gives it',
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
      mustFollowContract(frame);
    },
  );

  it('name the field that is wrong', () => {
    expect(errorFrame(invalidField('content', 'is missing'), undefined)).toMatchObject({
      error: 'content is missing',
    });
    expect(errorFrame(invalidField('', 'is not JSON'), undefined)).toMatchObject({
      error: 'The frame is not JSON',
    });
  });

  it.each(Object.keys(frameCodes) as (keyof typeof frameCodes)[])(
    'that close by %s say whether to come back',
    (name) => {
      const { code, reconnect, resume } = frameCodes[name];
      const frame = closeFrame(name, 'because');
      expect(frame).toEqual({ type: 'close', code, reason: 'because', reconnect, resume });
      mustFollowContract(frame);
    },
  );
});
