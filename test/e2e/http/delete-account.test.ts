/** Deleting an account: what is removed at once, what is erased later, and what remains for other users. */
import { beforeEach, expect, test, vi } from 'vitest';
import { problem } from './problem.ts';
import { ChatSocket } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { addMember, listMessages, newRoom, postMessage } from '../../kit/rooms.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';

const remove = (user: TestUser, password = user.password) =>
  call('DELETE', '/users/auth/profile/', { token: user.access, body: { password } });
const patience = { timeout: 10_000, interval: 50 };
const deleted = 'deleted user';

let ann: TestUser;
let bob: TestUser;
beforeEach(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
});

test('the credentials and tokens of a deleted account are refused', async () => {
  expect(await remove(ann)).toMatchObject({ status: 204, body: undefined });
  expect(await get(ann, '/users/auth/profile/')).toEqual(problem(401, 'unauthorized'));
  expect(await call('POST', '/users/token/refresh/', { body: { refresh: ann.refresh } })).toEqual(
    problem(401, 'invalid_refresh_token'),
  );
  const { username, password } = ann;
  expect(await call('POST', '/users/auth/login/', { body: { username, password } })).toEqual(
    problem(401, 'invalid_credentials'),
  );
  expect((await get(bob, `/users/?username=${username}`)).body).toEqual([]);
  expect(await get(bob, `/chat/dm/${ann.id}/`)).toEqual(problem(404, 'not_found'));
});

test('the username of a deleted account stays taken, and its e-mail address becomes free', async () => {
  const username = uniqueName('cat');
  const email = `${username}@example.org`;
  const body = { username, email, password: ann.password };
  await call('POST', '/users/auth/register/', { body });
  const cat = (await call('POST', '/users/auth/login/', { body: { username, password: ann.password } })).body;
  await remove({ ...ann, ...cat });
  const again = await call('POST', '/users/auth/register/', {
    body: { ...body, username: username.toUpperCase() },
  });
  expect(again).toEqual(problem(409, 'username_taken'));
  const other = await call('POST', '/users/auth/register/', { body: { ...body, username: uniqueName() } });
  expect(other).toMatchObject({ status: 201, body: { email } });
});

test('a wrong password is an error of that field and deletes nothing', async () => {
  const answer = await remove(ann, 'not-the-password');
  expect(answer).toEqual(problem(400, 'invalid_request'));
  expect(answer.body.errors).toMatchObject([{ path: 'password' }]);
  expect(await get(ann, '/users/auth/profile/')).toMatchObject({ status: 200 });
});

test('a user who has just signed in need not repeat the password', async () => {
  expect(await call('DELETE', '/users/auth/profile/', { token: ann.access })).toMatchObject({ status: 204 });
  expect(await get(ann, '/users/auth/profile/')).toMatchObject({ status: 401 });
});

test('messages and rooms remain under the name “deleted user”, in rooms of all kinds', async () => {
  const [own, bobs] = [await newRoom(ann), await newRoom(bob, { is_private: true })];
  await addMember(bob, bobs, ann);
  const direct = (await get(ann, `/chat/dm/${bob.id}/`)).body;
  for (const room of [own, bobs, direct])
    for (const user of [ann, bob]) await postMessage(user, room, `${user.username}!`);
  await remove(ann);
  for (const room of [own, bobs, direct]) {
    await vi.waitFor(async () => {
      expect(await listMessages(bob, room)).toMatchObject([
        { content: `${ann.username}!`, sender_id: ann.id, sender_username: deleted },
        { content: `${bob.username}!`, sender_username: bob.username },
      ]);
    }, patience);
    const members = (await get(bob, `/chat/rooms/${room.room_id}/members/`)).body;
    expect(members.map(({ username }: any) => username)).toEqual([bob.username]);
  }
  await vi.waitFor(async () => {
    expect((await get(bob, `/chat/rooms/${own.room_id}/`)).body).toMatchObject({
      creator_id: ann.id,
      creator_username: deleted,
      member_count: 1,
    });
  }, patience);
  expect(await postMessage(bob, direct, 'still here')).toMatchObject({ content: 'still here' });
});

test('messages in a room that the user had left are erased too', async () => {
  const room = await newRoom(bob, { is_private: true });
  await addMember(bob, room, ann);
  await postMessage(ann, room, 'before leaving');
  await call('POST', `/chat/rooms/${room.room_id}/leave/`, { token: ann.access });
  await remove(ann);
  await vi.waitFor(async () => {
    expect(await listMessages(bob, room)).toMatchObject([{ sender_username: deleted }]);
  }, patience);
});

test('a private room without other members is deleted, and its name stays reserved', async () => {
  const room = await newRoom(ann, { is_private: true });
  const address = `/ws/chat/${room.room_name}/`;
  expect(await ChatSocket.refusal(address, { token: bob.access })).toBe(403);
  await remove(ann);
  // The name stays reserved, so that a user who looks for the room does not find another one.
  await vi.waitFor(async () => {
    expect(await ChatSocket.refusal(address, { token: bob.access })).toBe(404);
  }, patience);
  const body = { room_name: room.room_name };
  expect((await call('POST', '/chat/rooms/create/', { token: bob.access, body })).status).toBe(409);
});

test('the sockets of a deleted account close within five seconds and receive no later messages', async () => {
  const room = await newRoom(bob);
  const anns = [
    await ChatSocket.inRoom(room.room_name, ann.access),
    await ChatSocket.open('/ws/chat/', { token: ann.access }),
  ];
  const startedAtMs = Date.now();
  await remove(ann);
  await postMessage(bob, room, 'after the end');
  for (const socket of anns) {
    await socket.closed;
    expect(socket.ofType('chat_message')).toEqual([]);
    expect(socket.events.at(-1)).toMatchObject({ type: 'close', code: 4001 });
  }
  expect(Date.now() - startedAtMs).toBeLessThan(5_000);
});

test('the oldest member becomes the owner of a room whose owner deleted their account, and its members are notified', async () => {
  const cat = await newUser('cat');
  const shared = await newRoom(ann, { is_private: true });
  await addMember(ann, shared, bob);
  await addMember(ann, shared, cat);
  const cats = await ChatSocket.inRoom(shared.room_name, cat.access);
  const bobs = await ChatSocket.open('/ws/chat/', { token: bob.access });
  await remove(ann);
  const successor = { id: bob.id, username: bob.username, role: 'owner' };
  for (const socket of [cats, bobs]) {
    expect(await socket.find('member_updated')).toMatchObject({ room_id: shared.room_id, member: successor });
  }
  await vi.waitFor(async () => {
    const { body } = await get(cat, `/chat/rooms/${shared.room_id}/members/`);
    const roles = Object.fromEntries(body.map(({ id, role }: any) => [id, role]));
    expect(roles).toEqual({ [bob.id]: 'owner', [cat.id]: 'member' });
    expect((await get(bob, `/chat/rooms/${shared.room_id}/`)).body).toMatchObject({
      creator_id: ann.id,
      creator_username: deleted,
    });
  }, patience);
  // The successor has all rights of the former owner.
  const at = `/chat/rooms/${shared.room_id}/`;
  const dora = await newUser('dora');
  await addMember(bob, shared, dora);
  const byBob = { token: bob.access };
  expect((await call('DELETE', `${at}members/remove/${dora.id}/`, byBob)).status).toBe(200);
  expect(await call('POST', `${at}leave/`, byBob)).toEqual(problem(403, 'forbidden'));
  expect(await call('DELETE', at, { token: cat.access })).toEqual(problem(403, 'forbidden'));
  expect((await call('PATCH', at, { ...byBob, body: { description: 'managed by Bob' } })).status).toBe(200);
  expect((await call('DELETE', at, byBob)).status).toBe(204);
});
