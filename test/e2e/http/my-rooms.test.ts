/** The caller's own rooms: most recent activity first, with unread counts and last messages. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { call } from '../../kit/deployment.ts';
import { addMember, newRoom, postMessage } from '../../kit/rooms.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';
import { allPages } from './pages.ts';
import { myRoom } from './shapes.ts';

let ann: TestUser;
let bob: TestUser;
let rooms: any[];
beforeAll(async () => {
  ann = await newUser('ann');
});
beforeEach(async () => {
  bob = await newUser('bob');
  rooms = [];
  for (let made = 0; made < 3; made += 1) {
    const room = await newRoom(ann, { is_private: true });
    await addMember(ann, room, bob);
    rooms.push(room);
  }
});

const mineOf = async (user: TestUser): Promise<any[]> => (await get(user, '/chat/rooms/mine/')).body;
const idsOf = async (user: TestUser): Promise<string[]> => (await mineOf(user)).map(({ room_id }) => room_id);

test('the room with the newest message comes first', async () => {
  const [a, b, c] = rooms;
  for (const room of [b, a, c, a]) await postMessage(ann, room, 'news');
  // The index is eventually consistent with the memberships.
  await expect.poll(() => idsOf(bob)).toEqual([a.room_id, c.room_id, b.room_id]);
  await postMessage(ann, b, 'more news');
  expect(await idsOf(bob)).toEqual([b.room_id, a.room_id, c.room_id]);
});

test('each row is a room with its last message and its unread count', async () => {
  const [a] = rooms;
  await postMessage(ann, a, 'one');
  const second = await postMessage(bob, a, 'two');
  const third = await postMessage(ann, a, 'three');
  await expect.poll(async () => (await mineOf(bob))[0]).toMatchObject({ room_id: a.room_id });
  const [first] = await mineOf(bob);
  expect(first).toEqual({ ...myRoom, unread_count: 2, last_message: third });
  expect(first).toMatchObject((await get(bob, `/chat/rooms/${a.room_id}/`)).body);
  await call('POST', `/chat/rooms/${a.room_id}/read/`, {
    token: bob.access,
    body: { message_id: second.message_id },
  });
  expect((await mineOf(bob))[0]).toMatchObject({
    unread_count: 1,
    last_read_message_id: second.message_id,
    last_message: third,
  });
});

test('a room without messages has no last message', async () => {
  await expect.poll(() => idsOf(bob)).toHaveLength(3);
  for (const row of await mineOf(bob)) expect(row).toMatchObject({ last_message: null, unread_count: 0 });
});

test('the last message shows its current state when it was edited or deleted', async () => {
  const [a] = rooms;
  const { message_id } = await postMessage(ann, a, 'a slip');
  await expect.poll(() => idsOf(bob)).toContain(a.room_id);
  const lastMessage = async (): Promise<any> =>
    (await mineOf(bob)).find(({ room_id }) => room_id === a.room_id).last_message;
  const token = ann.access;
  await call('PATCH', `/chat/messages/${message_id}/edit/`, { token, body: { content: 'mended' } });
  expect(await lastMessage()).toMatchObject({ message_id, content: 'mended' });
  await call('DELETE', `/chat/messages/${message_id}/delete/`, { token });
  const expected = { message_id, content: 'This message has been deleted', is_deleted: true };
  expect(await lastMessage()).toMatchObject(expected);
});

test('sending to a public room and being added to a direct room list the room as one’s own', async () => {
  const open = await newRoom(ann);
  expect(await idsOf(bob)).not.toContain(open.room_id);
  await postMessage(bob, open, 'hello');
  const direct = (await get(ann, `/chat/dm/${bob.id}/`)).body;
  await expect
    .poll(() => idsOf(bob))
    .toEqual(expect.arrayContaining([open.room_id, direct.room_id, ...rooms.map(({ room_id }) => room_id)]));
});

test('a room is no longer listed after the user left it or was removed', async () => {
  const [a, b, c] = rooms;
  await call('POST', `/chat/rooms/${a.room_id}/leave/`, { token: bob.access });
  await call('DELETE', `/chat/rooms/${b.room_id}/members/remove/${bob.id}/`, { token: ann.access });
  await expect.poll(() => idsOf(bob)).toEqual([c.room_id]);
});

test('following Link returns every room once', async () => {
  await expect.poll(() => idsOf(bob)).toHaveLength(3);
  const pages = await allPages('/chat/rooms/mine/?limit=1', bob.access);
  expect(pages.map((page) => page.length)).toEqual([1, 1, 1]);
  expect(pages.flat().map(({ room_id }) => room_id)).toEqual(await idsOf(bob));
});
