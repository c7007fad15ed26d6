import { describe, expect, it } from 'vitest';
import * as limits from '../../../shared/contract/limits.ts';
import type { ServerEvent } from '../../../shared/contract/websocket/events.ts';
import { changeEvent, chatMessage, roomUsersList } from '../../../shared/realtime/frames.ts';
import { packFrames, toFrame } from '../../../shared/realtime/send-events.ts';
import { roomId, roomOf } from '../../kit/memory-chat/chat.ts';
import { ann, start, uuid } from '../../kit/memory-chat/system.ts';

const bytesOf = (frame: string): number => Buffer.byteLength(frame);

const base = { roomId, seq: 4, at: start, messageSeqs: 2, outbox: false };
const messageOf = (content: string): ServerEvent =>
  chatMessage(
    {
      ...base,
      kind: 'message',
      userId: ann.userId,
      username: 'x'.repeat(150),
      content,
      isDeleted: false,
    },
    () => ({}),
  );

const contents: [string, string][] = [
  ['control characters', '\u0001'.repeat(8_000)],
  ['characters of three bytes', '語'.repeat(20_000)],
  ['surrogate pairs', '😀'.repeat(20_000)],
  ['quotes', '"'.repeat(30_000)],
];

describe('toFrame', () => {
  it.each(contents)(
    'keeps a message of %s within the size of a frame, and marks that it was cut',
    (_, content) => {
      const frame = toFrame(messageOf(content));
      expect(bytesOf(frame)).toBeLessThanOrEqual(limits.frameBytes);
      expect(bytesOf(frame)).toBeGreaterThan(limits.frameBytes - 64);
      const { message } = JSON.parse(frame) as { message: string };
      expect(message.isWellFormed()).toBe(true);
      expect(message).toMatch(/…$/);
      expect(content.startsWith(message.slice(0, -1))).toBe(true);
    },
  );

  it('keeps an event with several long texts within the size of a frame', () => {
    const room = roomOf({ name: '語'.repeat(9_000), description: '\u0001'.repeat(6_000) });
    const frame = toFrame(changeEvent({ ...base, kind: 'room_updated', room, messageCount: 0 }, undefined));
    expect(bytesOf(frame)).toBeLessThanOrEqual(limits.frameBytes);
    expect(JSON.parse(frame)).toMatchObject({ room: { room_id: roomId } });
  });

  it('does not change an event that fits', () => {
    const event = messageOf('語'.repeat(4_000));
    expect(JSON.parse(toFrame(event))).toEqual(event);
  });
});

describe('packFrames', () => {
  it.each(contents)('keeps batches of messages of %s within the size of a frame', (_, content) => {
    const events = [messageOf(content), messageOf('short'), messageOf(content), messageOf(content)];
    const { plain, batched } = packFrames(events);
    for (const frame of [...plain, ...batched]) expect(bytesOf(frame)).toBeLessThanOrEqual(limits.frameBytes);
    expect(batched.flatMap((frame) => JSON.parse(frame) as unknown[])).toHaveLength(4);
  });
});

describe('roomUsersList', () => {
  const users = (count: number, username: string) =>
    Array.from({ length: count }, (_, at) => ({ id: uuid(at), username }));

  it('lists as many users as fit into one frame, and says how many there are', () => {
    const event = roomUsersList(roomId, users(200, 'x'.repeat(150)));
    expect(bytesOf(toFrame(event))).toBeLessThanOrEqual(limits.frameBytes);
    expect(event.users.length).toBeGreaterThan(140);
    expect(event.total).toBe(200);
  });

  it('lists two hundred users with short names, and gives a total only when there are more', () => {
    expect(roomUsersList(roomId, users(200, 'ann'))).not.toHaveProperty('total');
    expect(roomUsersList(roomId, users(201, 'ann'))).toMatchObject({ total: 201 });
    expect(roomUsersList(roomId, users(201, 'ann')).users).toHaveLength(200);
  });
});
