import { expect, test } from 'vitest';
import { newRoom } from '../../kit/rooms.ts';
import { contents, isLive, newClient, until } from './clients.ts';

test('two clients show the same messages, edits, deletions, users present and users typing', async () => {
  const [ann, bob] = await Promise.all([newClient('ann'), newClient('bob')]);
  const { room_name } = await newRoom(ann.user);
  const anns = ann.client.room(room_name);
  await until(anns, isLive);
  const bobs = bob.client.room(room_name);
  await until(bobs, isLive);
  await until(anns, ({ userCount }) => userCount === 2);
  expect(bobs.users.map(({ username }) => username).sort()).toEqual(
    [ann.user.username, bob.user.username].sort(),
  );

  bobs.setTyping();
  await until(anns, ({ typing }) => typing.some(({ id }) => id === bob.user.id));
  bobs.send('hi');
  anns.send('hello');
  await until(anns, ({ messages, typing }) => messages.filter(isSent).length === 2 && typing.length === 0);
  await until(bobs, ({ messages }) => messages.filter(isSent).length === 2);
  expect(contents(anns)).toEqual(contents(bobs));
  expect(contents(anns).sort()).toEqual(['hello', 'hi']);

  const hi = bobs.messages.find(({ content }) => content === 'hi');
  await bobs.edit(hi?.message_id ?? '', 'hi there');
  await until(anns, ({ messages }) =>
    messages.some(({ content, edited_at }) => content === 'hi there' && edited_at !== null),
  );
  await bobs.delete(hi?.message_id ?? '');
  await until(anns, ({ messages }) => messages.some(({ is_deleted }) => is_deleted));
  await until(bobs, ({ messages }) => messages.some(({ is_deleted }) => is_deleted));
  expect(contents(anns)).toEqual(contents(bobs));

  bob.client.disconnect();
  await until(anns, ({ userCount }) => userCount === 1);
});

test('messages of others are unread until the read marker passes them, also in the user’s next client', async () => {
  const [ann, bob] = await Promise.all([newClient('ann'), newClient('bob')]);
  const { room_name } = await newRoom(ann.user);
  const anns = ann.client.room(room_name);
  const bobs = bob.client.room(room_name);
  await Promise.all([until(anns, isLive), until(bobs, isLive)]);
  for (const text of ['one', 'two', 'three']) anns.send(text);
  await until(bobs, ({ unread, messages }) => unread === 3 && messages.length === 3);
  bobs.markRead(bobs.messages[1]?.message_id ?? '');
  expect(bobs.unread).toBe(1);
  await until(anns, ({ readers }) => readers.get(bob.user.id)?.message_id === bobs.messages[1]?.message_id);

  const again = await newClient('bob', { user: bob.user });
  const third = again.client.room(room_name);
  await until(third, isLive);
  await until(third, ({ unread }) => unread === 1);
  third.markRead();
  await until(bobs, ({ unread }) => unread === 0);
});

test('loadOlder loads page after page up to the first message', async () => {
  const ann = await newClient('ann');
  const { room_name, room_id } = await newRoom(ann.user);
  for (let number = 1; number <= 120; number += 1) {
    await ann.client.http.sendMessage({ room_id, content: `message ${number}` });
  }
  const room = ann.client.room(room_name);
  await until(room, isLive);
  expect(room.messages).toHaveLength(50);
  while (room.getSnapshot().hasOlder) await room.loadOlder();
  expect(contents(room)).toEqual(Array.from({ length: 120 }, (_, index) => `message ${index + 1}`));
});

function isSent({ state }: { state: string }): boolean {
  return state === 'sent';
}
