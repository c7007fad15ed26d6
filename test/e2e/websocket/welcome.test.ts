/** The welcome after a room is opened: its events, their order and their fields. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { awaitEntries, isoTime, openWithoutRoom, sendMessage } from '../../kit/room-sockets.ts';
import { addMember, newPrivateRoom, newRoom, postMessage } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

let ann: TestUser;

beforeAll(async () => {
  ann = await newUser('ann');
});

const types = (socket: ChatSocket) => socket.events.map(({ type }) => type);

test('the welcome of an empty room is ready, the users present, and the end of the history', async () => {
  const room = await newRoom(ann);
  const socket = await ChatSocket.inRoom(room.room_name, ann.access);
  const { room_id } = room;
  expect(socket.events).toEqual([
    {
      type: 'ready',
      user: { id: ann.id, username: ann.username },
      room_id,
      room: room.room_name,
      head: 0,
      heartbeat_seconds: expect.any(Number),
      server_time: expect.stringMatching(isoTime),
    },
    { type: 'room_users_list', room_id, users: [{ id: ann.id, username: ann.username }] },
    { type: 'history_end', room_id, first_seq: null, head: 0, has_more: false, recovered: true },
  ]);
});

test('the welcome contains the messages as they were published, oldest first', async () => {
  const room = await newRoom(ann);
  const writer = await ChatSocket.inRoom(room.room_name, ann.access);
  const acks = [await sendMessage(writer, 'one'), await sendMessage(writer, 'two')];
  await writer.find(like('chat_message', { seq: 1 }));
  await writer.find(like('chat_message', { seq: 2 }));
  const reader = await ChatSocket.inRoom(room.room_name, ann.access);
  expect(types(reader)).toEqual(['ready', 'room_users_list', 'chat_message', 'chat_message', 'history_end']);
  expect(reader.events[0]).toMatchObject({ head: 2 });
  expect(reader.ofType('chat_message')).toEqual(
    ['one', 'two'].map((message, at) => ({
      type: 'chat_message',
      message_id: acks[at]?.['message_id'],
      message,
      sender_id: ann.id,
      sender_username: ann.username,
      timestamp: acks[at]?.['timestamp'],
      edited_at: null,
      is_deleted: false,
      room_id: room.room_id,
      seq: at + 1,
      client_id: acks[at]?.['client_id'],
    })),
  );
  expect(reader.ofType('chat_message')).toEqual(
    writer.ofType('chat_message').sort((a, b) => a['seq'] - b['seq']),
  );
  expect(reader.events.at(-1)).toMatchObject({ first_seq: 1, head: 2, has_more: false, recovered: true });
});

test('the welcome contains edited messages with their new content, and deleted ones without any', async () => {
  const room = await newRoom(ann);
  const witness = await ChatSocket.inRoom(room.room_name, ann.access);
  const [first, second] = [await postMessage(ann, room, 'first'), await postMessage(ann, room, 'my secret')];
  await call('PATCH', `/chat/messages/${first.message_id}/edit/`, {
    token: ann.access,
    body: { content: 'first, mended' },
  });
  await call('DELETE', `/chat/messages/${second.message_id}/delete/`, { token: ann.access });
  await awaitEntries(witness, 4);
  const socket = await ChatSocket.inRoom(room.room_name, ann.access);
  expect(socket.ofType('chat_message')).toMatchObject([
    { seq: 1, message: 'first, mended', edited_at: expect.stringMatching(isoTime), is_deleted: false },
    { seq: 2, message: 'This message has been deleted', is_deleted: true },
  ]);
  expect(types(socket).slice(0, 2)).toEqual(['ready', 'room_users_list']);
  expect(socket.events.at(-1)).toMatchObject({ type: 'history_end', first_seq: 1, head: 4, has_more: false });
  expect(JSON.stringify(socket.frames)).not.toContain('my secret');
});

test.each([0, 1, 2, 3])('history=%i skips entries that are not messages', async (count) => {
  const bob = await newUser('bob');
  const room = await newPrivateRoom(ann);
  const witness = await ChatSocket.inRoom(room.room_name, ann.access);
  await addMember(ann, room, bob);
  const { message_id } = await postMessage(ann, room, 'once');
  for (const content of ['twice', 'three times']) {
    await call('PATCH', `/chat/messages/${message_id}/edit/`, { token: ann.access, body: { content } });
  }
  await awaitEntries(witness, 4);
  const socket = await ChatSocket.inRoom(room.room_name, bob.access, `?history=${count}`);
  expect(socket.ofType('chat_message').map((event) => event['message'])).toEqual(
    count === 0 ? [] : ['three times'],
  );
  expect(socket.events.at(-1)).toMatchObject({ head: 4, has_more: count === 0 });
});

test.each([0, 1])('history=%i is empty in a room whose log has no messages', async (count) => {
  const bob = await newUser('bob');
  const room = await newPrivateRoom(ann);
  const witness = await ChatSocket.inRoom(room.room_name, ann.access);
  await addMember(ann, room, bob);
  await awaitEntries(witness, 1);
  const socket = await ChatSocket.inRoom(room.room_name, bob.access, `?history=${count}`);
  expect(types(socket)).toEqual(['ready', 'room_users_list', 'history_end']);
  expect(socket.events.at(-1)).toMatchObject({ head: 1, has_more: false, recovered: true });
});

test('the list of users present contains each user once, however many sockets they have', async () => {
  const [bob, carl] = await Promise.all([newUser('bob'), newUser('carl')]);
  const room = await newRoom(ann);
  for (const { access } of [ann, bob, bob]) await ChatSocket.inRoom(room.room_name, access);
  await openWithoutRoom(carl);
  const last = await ChatSocket.inRoom(room.room_name, bob.access);
  const [list] = last.ofType('room_users_list');
  const listed = list?.['users'].map((user: any) => user.username).sort();
  expect(listed).toEqual([ann.username, bob.username].sort());
  expect(list).not.toHaveProperty('total');
});

describe('a room with 105 messages', () => {
  let room: any;
  beforeAll(async () => {
    room = await newRoom(ann);
    const witness = await ChatSocket.inRoom(room.room_name, ann.access);
    await Promise.all(Array.from({ length: 105 }, (_, at) => postMessage(ann, room, `m${at}`)));
    await awaitEntries(witness, 105);
  });

  test.each([
    ['', 50],
    ['?history=1', 1],
    ['?history=7', 7],
    ['?history=100', 100],
  ])('opened with "%s" sends the newest %i', async (query, count) => {
    const socket = await ChatSocket.inRoom(room.room_name, ann.access, query);
    expect(socket.ofType('chat_message').map((event) => event['seq'])).toEqual(
      Array.from({ length: count }, (_, at) => 105 - count + 1 + at),
    );
    expect(socket.events).toHaveLength(count + 3);
    expect(socket.events.at(-1)).toMatchObject({
      first_seq: 105 - count + 1,
      head: 105,
      has_more: true,
      recovered: true,
    });
  });

  test('opened with "?history=0" sends no messages and has_more: true', async () => {
    const socket = await ChatSocket.inRoom(room.room_name, ann.access, '?history=0');
    expect(types(socket)).toEqual(['ready', 'room_users_list', 'history_end']);
    expect(socket.events.at(-1)).toMatchObject({
      first_seq: null,
      head: 105,
      has_more: true,
      recovered: true,
    });
  });
});
