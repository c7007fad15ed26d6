/** Sending a message: its two forms, the `ack`, and repeated `client_id`s. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { isoTime, openRoomOfTwo, readHeads, sendMessage } from '../../kit/room-sockets.ts';
import { newRoom } from '../../kit/rooms.ts';
import type { TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
let room: any;
let anns: ChatSocket;
let bobs: ChatSocket;

beforeAll(async () => {
  ({ ann, bob, room, anns, bobs } = await openRoomOfTwo());
});

const head = async () => (await readHeads(anns))[room.room_id] as number;

test.each([
  ['{"message": …}', (content: string) => ({ message: content })],
  ['{"type": "message", "content": …}', (content: string) => ({ type: 'message', content })],
])('the form %s reaches everyone, including its sender, and is acknowledged', async (_, form) => {
  const content = uniqueName('hello');
  anns.send(form(content));
  const heard = await bobs.find(like('chat_message', { message: content }));
  expect(heard).toEqual({
    type: 'chat_message',
    message_id: expect.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
    message: content,
    sender_id: ann.id,
    sender_username: ann.username,
    timestamp: expect.stringMatching(isoTime),
    edited_at: null,
    is_deleted: false,
    room_id: room.room_id,
    seq: expect.any(Number),
  });
  expect(await anns.find(like('chat_message', { message: content }))).toEqual(heard);
  expect(await anns.find(like('ack', { seq: heard['seq'] }))).toEqual({
    type: 'ack',
    message_id: heard['message_id'],
    room_id: room.room_id,
    seq: heard['seq'],
    timestamp: heard['timestamp'],
    duplicate: false,
  });
});

test.each([
  ['{"message": …}', (content: string) => ({ message: content })],
  ['{"type": "message", "content": …}', (content: string) => ({ type: 'message', content })],
])('the form %s accepts a client_id, which is in the ack and in the event', async (_, form) => {
  const clientId = uniqueName('c');
  anns.send({ ...form('with an id'), client_id: clientId });
  expect(await anns.find(like('ack', { client_id: clientId }))).toMatchObject({ duplicate: false });
  expect(await bobs.find(like('chat_message', { client_id: clientId }))).toMatchObject({
    message: 'with an id',
  });
});

test('an ack goes to the sending socket only', async () => {
  const other = await ChatSocket.inRoom(room.room_name, ann.access);
  const ack = await sendMessage(anns, 'whose ack?');
  for (const socket of [other, bobs]) {
    await socket.find(like('chat_message', { message_id: ack['message_id'] }));
    await readHeads(socket);
    expect(socket.ofType('ack').filter((event) => event['client_id'] === ack['client_id'])).toEqual([]);
  }
});

test.each([
  ['surrounding space', '  as it was  '],
  ['line breaks', 'one\ntwo\r\nthree'],
  ['markup', '<script>alert("&amp;")</script>'],
  ['other scripts and emoji', 'привет 世界 👩‍👩‍👧‍👦'],
  ['tabs', 'a\tb'],
  ['what looks like a frame', '{"type":"delete","message_id":"x"}'],
  ['4,000 characters', 'x'.repeat(4_000)],
  ['4,000 characters and space around them', `\n${'x'.repeat(4_000)} `],
])('content with %s is stored and published unchanged', async (_, content) => {
  const ack = await sendMessage(anns, content);
  const heard = await bobs.find(like('chat_message', { message_id: ack['message_id'] }));
  expect(heard['message']).toBe(content);
  const stored = await call('GET', `/chat/rooms/${room.room_id}/messages/?after=${ack['seq'] - 1}&limit=1`, {
    token: bob.access,
  });
  expect(stored.body).toMatchObject([{ message_id: ack['message_id'], content }]);
});

describe('a repeated client_id', () => {
  test('is answered with the original, and stores and publishes nothing', async () => {
    const first = await sendMessage(anns, 'once');
    await bobs.find(like('chat_message', { client_id: first['client_id'] }));
    anns.send({ type: 'message', content: 'once', client_id: first['client_id'] });
    const second = await anns.find(like('ack', { client_id: first['client_id'], duplicate: true }));
    expect(second).toEqual({ ...first, duplicate: true });
    const marker = await sendMessage(anns, 'marker');
    await bobs.find(like('chat_message', { message_id: marker['message_id'] }));
    const told = bobs.ofType('chat_message').filter((event) => event['client_id'] === first['client_id']);
    expect(told).toHaveLength(1);
    const { body } = await call('GET', `/chat/rooms/${room.room_id}/messages/?limit=100`, {
      token: ann.access,
    });
    expect(body.filter((message: any) => message.client_id === first['client_id'])).toHaveLength(1);
  });

  test('is recognized in both forms, on another socket and over HTTP', async () => {
    const first = await sendMessage(anns, 'the same');
    const id = { client_id: first['client_id'] };
    const other = await ChatSocket.inRoom(room.room_name, ann.access);
    other.send({ message: 'the same', ...id });
    expect(await other.find(like('ack', id))).toEqual({ ...first, duplicate: true });
    const answer = await call('POST', `/chat/rooms/${room.room_id}/messages/`, {
      token: ann.access,
      body: { content: 'the same', ...id },
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { message_id: first['message_id'], seq: first['seq'] },
    });
  });

  test('sent many times at once stores one message', async () => {
    const clientId = uniqueName('c');
    for (let at = 0; at < 8; at += 1) anns.send({ message: 'all at once', client_id: clientId });
    const acks = () => anns.ofType('ack').filter((event) => event['client_id'] === clientId);
    await anns.find(() => acks().length === 8);
    expect(new Set(acks().map((event) => event['message_id'])).size).toBe(1);
    expect(acks().filter((event) => !event['duplicate'])).toHaveLength(1);
  });

  test('with other content is a conflict, and stores nothing', async () => {
    const first = await sendMessage(anns, 'this');
    const before = await head();
    anns.send({ type: 'message', content: 'that', client_id: first['client_id'] });
    const error = await anns.find(like('error', { ref: first['client_id'] }));
    expect(error).toMatchObject({ code: 4009, name: 'conflict', retryable: false });
    const { body } = await call('GET', `/chat/rooms/${room.room_id}/messages/?after=${before}`, {
      token: ann.access,
    });
    expect(body).toEqual([]);
  });

  test('of another user or in another room is a different message', async () => {
    const first = await sendMessage(anns, 'mine');
    const id = { client_id: first['client_id'] };
    bobs.send({ message: 'yours', ...id });
    expect(await bobs.find(like('ack', id))).toMatchObject({ duplicate: false });
    const elsewhere = await ChatSocket.inRoom((await newRoom(ann)).room_name, ann.access);
    elsewhere.send({ message: 'there', ...id });
    expect(await elsewhere.find(like('ack', id))).toMatchObject({ duplicate: false, seq: 1 });
  });
});
