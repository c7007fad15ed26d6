/** `edit` and `delete` of a user's own messages, and their events. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { expectError, isoTime, openRoomOfTwo, readHeads, sendMessage } from '../../kit/room-sockets.ts';
import type { TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
let room: any;
let anns: ChatSocket;
let bobs: ChatSocket;

beforeAll(async () => {
  ({ ann, bob, room, anns, bobs } = await openRoomOfTwo());
});

async function stored(seq: number): Promise<any> {
  const { body } = await call('GET', `/chat/rooms/${room.room_id}/messages/?before=${seq + 1}&limit=1`, {
    token: bob.access,
  });
  return body[0];
}

describe('an edit', () => {
  test('is published to everyone with the next seq, and stored', async () => {
    const { message_id, seq } = await sendMessage(anns, 'helo');
    anns.send({ type: 'edit', message_id, content: 'hello' });
    const received = await bobs.find(like('message_edited', { message_id }));
    expect(received).toEqual({
      type: 'message_edited',
      message_id,
      room_id: room.room_id,
      seq: seq + 1,
      new_content: 'hello',
      edited_at: expect.stringMatching(isoTime),
      sender_id: ann.id,
      sender_username: ann.username,
    });
    expect(await anns.find(like('message_edited', { message_id }))).toEqual(received);
    expect(await stored(seq)).toMatchObject({
      message_id,
      content: 'hello',
      edited_at: received['edited_at'],
      is_deleted: false,
    });
  });

  test('replaces the content of an earlier edit', async () => {
    const { message_id, seq } = await sendMessage(anns, 'a');
    for (const content of ['ab', 'abc']) {
      anns.send({ type: 'edit', message_id, content });
      await bobs.find(like('message_edited', { message_id, new_content: content }));
    }
    expect(await stored(seq)).toMatchObject({ content: 'abc' });
  });

  test('does not count as a message', async () => {
    const before = await call('GET', `/chat/rooms/${room.room_id}/`, { token: ann.access });
    const { message_id } = await sendMessage(anns, 'counted once');
    anns.send({ type: 'edit', message_id, content: 'counted once, still' });
    await bobs.find(like('message_edited', { message_id }));
    const after = await call('GET', `/chat/rooms/${room.room_id}/`, { token: ann.access });
    expect(after.body.message_count).toBe(before.body.message_count + 1);
  });
});

describe('a deletion', () => {
  test('is published to everyone with the next seq, and marks the message as deleted', async () => {
    const { message_id, seq } = await sendMessage(anns, 'never mind');
    anns.send({ type: 'delete', message_id });
    const received = await bobs.find(like('message_deleted', { message_id }));
    expect(received).toEqual({ type: 'message_deleted', message_id, room_id: room.room_id, seq: seq + 1 });
    expect(await anns.find(like('message_deleted', { message_id }))).toEqual(received);
    expect(await stored(seq)).toMatchObject({
      message_id,
      content: 'This message has been deleted',
      is_deleted: true,
    });
  });

  test('cannot be undone by an edit', async () => {
    const { message_id, seq } = await sendMessage(anns, 'gone');
    anns.send({ type: 'delete', message_id });
    await bobs.find(like('message_deleted', { message_id }));
    const error = await expectError(anns, { type: 'edit', message_id, content: 'back again' });
    expect(error).toMatchObject({ code: 4004, name: 'not_found', retryable: false });
    expect(await stored(seq)).toMatchObject({ content: 'This message has been deleted', is_deleted: true });
  });

  test('is recorded once, however often it is requested', async () => {
    const { message_id } = await sendMessage(anns, 'twice?');
    anns.send({ type: 'delete', message_id });
    await bobs.find(like('message_deleted', { message_id }));
    const head = (await readHeads(anns))[room.room_id];
    const answer = await call('DELETE', `/chat/messages/${message_id}/delete/`, { token: ann.access });
    expect([204, 404]).toContain(answer.status);
    expect((await readHeads(anns))[room.room_id]).toBe(head);
  });

  test('keeps the client_id, so that a repeated send is still a duplicate', async () => {
    const { message_id, client_id } = await sendMessage(anns, 'once and for all');
    anns.send({ type: 'delete', message_id });
    await bobs.find(like('message_deleted', { message_id }));
    anns.send({ message: 'once and for all', client_id });
    const again = await anns.find(like('ack', { client_id, duplicate: true }));
    expect(again).toMatchObject({ message_id });
  });
});

test('a user may change their message from any of their sockets', async () => {
  const { message_id } = await sendMessage(anns, 'from here');
  const other = await ChatSocket.inRoom(room.room_name, ann.access);
  other.send({ type: 'edit', message_id, content: 'from there' });
  expect(await bobs.find(like('message_edited', { message_id }))).toMatchObject({
    new_content: 'from there',
  });
});
