import { expect, test } from 'vitest';
import { openRoomOfTwo } from '../kit/room-sockets.ts';

test('a message of one user reaches the other', async () => {
  const { ann, room, anns, bobs } = await openRoomOfTwo();
  anns.send({ message: 'hi' });
  const received = await bobs.next('chat_message');
  expect(received).toMatchObject({ message: 'hi', sender_username: ann.username, room_id: room.room_id });
  await Promise.all([anns.close(), bobs.close()]);
});
