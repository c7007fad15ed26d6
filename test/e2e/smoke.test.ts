import { expect, test } from 'vitest';
import { ChatSocket } from '../kit/chat-socket.ts';
import { newRoom } from '../kit/rooms.ts';
import { newUser } from '../kit/users.ts';

test('a message of one user reaches the other', async () => {
  const [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  const room = await newRoom(ann);
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
  anns.send({ message: 'hi' });
  const heard = await bobs.next('chat_message');
  expect(heard).toMatchObject({ message: 'hi', sender_username: ann.username, room_id: room.room_id });
  await Promise.all([anns.close(), bobs.close()]);
});
