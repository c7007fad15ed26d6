/** Listing a user's own sessions, and ending one or all of them. */
import { beforeEach, expect, test } from 'vitest';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { newRoom } from '../../kit/rooms.ts';
import { get, login, newUser, type TestUser } from '../../kit/users.ts';
import { sessionOf } from './operation-cases.ts';
import { session } from './shapes.ts';

const path = '/users/auth/sessions/';
const end = (user: TestUser, id = '') =>
  call('DELETE', id === '' ? path : `${path}${id}/`, { token: user.access });
const refresh = (user: { refresh: string }) =>
  call('POST', '/users/token/refresh/', { body: { refresh: user.refresh } });

let ann: TestUser;
/** The same user in another session. */
let elsewhere: TestUser;
let bob: TestUser;
beforeEach(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  elsewhere = { ...ann, ...(await login(ann.username, ann.password)) };
});

test('sessions are listed newest first with their user agents, and the current one is marked', async () => {
  const { body } = await call('POST', '/users/auth/login/', {
    body: { username: ann.username, password: ann.password },
    headers: { 'user-agent': 'Test-Browser/7' },
  });
  const { body: list } = await get(ann, path);
  expect(list).toEqual([session, session, session]);
  expect(list[0]).toMatchObject({ user_agent: 'Test-Browser/7', is_current: false });
  expect(list.map(({ id }: { id: string }) => id)).toEqual([
    sessionOf({ ...ann, ...body }),
    sessionOf(elsewhere),
    sessionOf(ann),
  ]);
  expect(list.map(({ is_current }: any) => is_current)).toEqual([false, false, true]);
  expect(JSON.stringify(list)).not.toContain('hash');
});

test('a refresh extends its session and creates no other', async () => {
  const before = (await get(ann, path)).body.find((one: any) => one.is_current);
  const { body } = await refresh(ann);
  const { body: list } = await get({ ...ann, ...body }, path);
  expect(list).toHaveLength(2);
  const after = list.find((one: any) => one.is_current);
  expect(after).toMatchObject({ id: before.id, created_at: before.created_at });
  expect([after.last_used_at > before.last_used_at, after.expires_at > before.expires_at]).toEqual([
    true,
    true,
  ]);
});

test('the tokens of a session that was ended from another one are refused at once, for reading and writing', async () => {
  const room = await newRoom(ann);
  expect(await end(ann, sessionOf(elsewhere))).toMatchObject({ status: 204, body: undefined });
  expect(await refresh(elsewhere)).toEqual(problem(401, 'invalid_refresh_token'));
  const requests: [string, string, unknown?][] = [
    ['GET', '/users/auth/profile/'],
    ['PATCH', '/users/auth/profile/', { first_name: 'Not Ann' }],
    ['GET', '/chat/rooms/mine/'],
    ['POST', `/chat/rooms/${room.room_id}/messages/`, { content: 'not ann' }],
    ['DELETE', `/chat/rooms/${room.room_id}/`],
    ['GET', `/chat/dm/${bob.id}/`],
    ['POST', '/chat/ws-ticket/', {}],
  ];
  for (const [method, address, body] of requests) {
    const answer = await call(method, address, { token: elsewhere.access, body });
    expect({ method, address, ...answer }).toEqual({ method, address, ...problem(401, 'unauthorized') });
  }
  expect((await get(ann, `/chat/rooms/${room.room_id}/messages/`)).body).toEqual([]);
  expect((await get(ann, '/chat/rooms/mine/')).body).toHaveLength(1);
  expect(await refresh(ann)).toMatchObject({ status: 200 });
});

test('the access token is refused at once after signing out', async () => {
  await call('POST', '/users/auth/logout/', { body: { refresh: elsewhere.refresh } });
  expect(await get(elsewhere, '/users/auth/profile/')).toEqual(problem(401, 'unauthorized'));
  expect(await get(ann, '/users/auth/profile/')).toMatchObject({ status: 200 });
});

test('a session of another user or one that has ended is not found', async () => {
  expect(await end(ann, sessionOf(bob))).toEqual(problem(404, 'not_found'));
  expect(await refresh(bob)).toMatchObject({ status: 200 });
  expect(await end(ann, sessionOf(elsewhere))).toMatchObject({ status: 204 });
  expect(await end(ann, sessionOf(elsewhere))).toEqual(problem(404, 'not_found'));
});

test('a session may end itself', async () => {
  expect(await end(ann, sessionOf(ann))).toMatchObject({ status: 204 });
  expect(await get(ann, '/users/auth/profile/')).toEqual(problem(401, 'unauthorized'));
  expect(await get(elsewhere, '/users/auth/profile/')).toMatchObject({ status: 200 });
});

test('signing out everywhere ends all sessions of the user and none of other users', async () => {
  expect(await end(elsewhere)).toMatchObject({ status: 204, body: undefined });
  for (const one of [ann, elsewhere]) {
    expect(await refresh(one)).toEqual(problem(401, 'invalid_refresh_token'));
    expect(await get(one, path)).toEqual(problem(401, 'unauthorized'));
  }
  expect(await refresh(bob)).toMatchObject({ status: 200 });
  const again = { ...ann, ...(await login(ann.username, ann.password)) };
  expect((await get(again, path)).body).toHaveLength(1);
});

test('reusing a refresh token invalidates all access tokens of its session', async () => {
  const second = (await refresh(ann)).body;
  const third = (await refresh(second)).body;
  expect(await get({ ...ann, ...third }, '/users/auth/profile/')).toMatchObject({ status: 200 });
  expect(await refresh(ann)).toEqual(problem(401, 'invalid_refresh_token'));
  for (const tokens of [ann, second, third]) {
    expect(await get({ ...ann, ...tokens }, '/users/auth/profile/')).toEqual(problem(401, 'unauthorized'));
  }
  expect(await get(elsewhere, '/users/auth/profile/')).toMatchObject({ status: 200 });
});
