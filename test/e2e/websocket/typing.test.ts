/** The typing indicator, which reaches the other users in the room and is not stored. */
import { beforeAll, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { joinRoom, openWithoutRoom, readHeads, sendMessage } from '../../kit/room-sockets.ts';
import { newRoom } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;

beforeAll(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
});

test.each([true, false])('is_typing: %s reaches the other users in the room', async (isTyping) => {
  const room = await newRoom(ann);
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
  anns.send({ type: 'typing', is_typing: isTyping });
  expect(await bobs.next('typing_indicator')).toEqual({
    type: 'typing_indicator',
    user: ann.username,
    user_id: ann.id,
    room: room.room_name,
    room_id: room.room_id,
    is_typing: isTyping,
    expires_in_ms: expect.any(Number),
  });
});

test('a typing indicator reaches none of the sender’s own sockets', async () => {
  const room = await newRoom(ann);
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  const otherOfAnn = await ChatSocket.inRoom(room.room_name, ann.access);
  const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
  anns.send({ type: 'typing', is_typing: true });
  await bobs.next('typing_indicator');
  const marker = await sendMessage(bobs, 'marker');
  for (const socket of [anns, otherOfAnn]) {
    await socket.find(like('chat_message', { message_id: marker['message_id'] }));
    expect(socket.ofType('typing_indicator')).toEqual([]);
  }
});

test('a typing indicator reaches its own room only and changes nothing there', async () => {
  const [room, elsewhere] = await Promise.all([newRoom(ann), newRoom(ann)]);
  const anns = await openWithoutRoom(ann);
  await joinRoom(anns, room.room_name);
  await joinRoom(anns, elsewhere.room_name);
  const here = await ChatSocket.inRoom(room.room_name, bob.access);
  const there = await ChatSocket.inRoom(elsewhere.room_name, bob.access);
  anns.send({ type: 'typing', is_typing: true, room_id: room.room_id });
  expect(await here.next('typing_indicator')).toMatchObject({ room_id: room.room_id });
  const marker = await sendMessage(anns, 'marker', { room_id: elsewhere.room_id });
  await there.find(like('chat_message', { message_id: marker['message_id'] }));
  expect(there.ofType('typing_indicator')).toEqual([]);
  expect(await readHeads(anns)).toEqual({ [room.room_id]: 0, [elsewhere.room_id]: 1 });
});
