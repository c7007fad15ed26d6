/** Frames that are too large or binary, for which the gateway closes the connection. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ChatSocket } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { readHeads } from '../../kit/room-sockets.ts';
import { newRoom } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

const limit = 32 * 1024;

let ann: TestUser;
let room: any;
let socket: ChatSocket;

beforeEach(async () => {
  ann = await newUser('ann');
  room = await newRoom(ann);
  socket = await ChatSocket.inRoom(room.room_name, ann.access);
});

/** Returns a frame of exactly that many bytes, whose message is too long to be accepted. */
function frameOf(bytes: number): string {
  const empty = JSON.stringify({ message: '' }).length;
  return JSON.stringify({ message: 'x'.repeat(bytes - empty) });
}

async function stored(): Promise<unknown[]> {
  return (await call('GET', `/chat/rooms/${room.room_id}/messages/`, { token: ann.access })).body;
}

describe('a frame', () => {
  test('of 32 KB is processed, and the connection stays open', async () => {
    socket.send(frameOf(limit));
    expect(await socket.next('error')).toMatchObject({ code: 4005, name: 'invalid_frame' });
    expect(await readHeads(socket)).toEqual({ [room.room_id]: 0 });
  });

  test('of one byte more closes the connection with 1009', async () => {
    socket.send(frameOf(limit + 1));
    expect(await socket.closed).toMatchObject({ code: 1009 });
    expect(await stored()).toEqual([]);
  });

  test('is measured in bytes instead of characters', async () => {
    socket.send(JSON.stringify({ message: '界'.repeat(limit / 3) }));
    expect(await socket.closed).toMatchObject({ code: 1009 });
  });

  test('that is binary closes the connection with 1003, whatever it holds', async () => {
    socket.socket.send(Buffer.from(JSON.stringify({ message: 'hi' })), { binary: true });
    expect(await socket.closed).toMatchObject({ code: 1003 });
    expect(await stored()).toEqual([]);
  });
});

test('a fragmented message beyond 32 KB is refused, and the connection stays open', async () => {
  const text = frameOf(2 * limit - 100);
  socket.socket.send(text.slice(0, limit - 50), { fin: false });
  socket.socket.send(text.slice(limit - 50), { fin: true });
  expect(await socket.next('error')).toMatchObject({ code: 4013, name: 'too_large', retryable: false });
  expect(await readHeads(socket)).toEqual({ [room.room_id]: 0 });
});

test('the user of such a closed connection leaves the room, and other users are not affected', async () => {
  const bob = await newUser('bob');
  const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
  socket.send(frameOf(limit + 1));
  expect(await bobs.next('user_leave')).toMatchObject({ user_id: ann.id });
  expect(await readHeads(bobs)).toEqual({ [room.room_id]: 0 });
});
