/** With `batch=1` the server may send a JSON array of events in one frame; otherwise every frame is one event. */
import { beforeAll, expect, test } from 'vitest';
import { ChatSocket } from '../../kit/chat-socket.ts';
import { awaitEntries, sendMessage } from '../../kit/room-sockets.ts';
import { newRoom, postMessage } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let room: any;

beforeAll(async () => {
  ann = await newUser('ann');
  room = await newRoom(ann);
  const witness = await ChatSocket.inRoom(room.room_name, ann.access);
  for (let at = 1; at <= 10; at += 1) await postMessage(ann, room, `m${at}`);
  await awaitEntries(witness, 10);
});

const withoutTimes = (socket: ChatSocket) =>
  socket.events.map((event) => ({ ...event, server_time: undefined }));

test('a socket with batch=1 receives the same events in the same order, some of them in arrays', async () => {
  const plain = await ChatSocket.inRoom(room.room_name, ann.access);
  const batched = await ChatSocket.inRoom(room.room_name, ann.access, '?batch=1');
  expect(batched.frames.some(Array.isArray)).toBe(true);
  expect(batched.frames.length).toBeLessThan(plain.frames.length);
  expect(withoutTimes(batched)).toEqual(withoutTimes(plain));
});

test.each(['', '?batch=0'])('a socket opened with "%s" receives one event in each frame', async (query) => {
  const socket = await ChatSocket.inRoom(room.room_name, ann.access, query);
  expect(socket.frames).toEqual(socket.events);
});

test('a batch is an array of events, never empty and never nested', async () => {
  const socket = await ChatSocket.inRoom(room.room_name, ann.access, '?batch=1');
  for (const frame of socket.frames.filter(Array.isArray)) {
    expect(frame).not.toHaveLength(0);
    for (const event of frame) expect(event).toMatchObject({ type: expect.any(String) });
  }
});

test('a socket with batch=1 sends and receives messages like any other', async () => {
  const [plain, batched] = await Promise.all(
    ['', '?batch=1'].map((query) => ChatSocket.inRoom(room.room_name, ann.access, query)),
  );
  const ack = await sendMessage(batched as ChatSocket, 'from the batched one');
  const heard = await (plain as ChatSocket).find((event) => event['seq'] === ack['seq']);
  expect(
    await (batched as ChatSocket).find(
      (event) => event.type === 'chat_message' && event['seq'] === ack['seq'],
    ),
  ).toEqual(heard);
});
