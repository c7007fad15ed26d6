/** Refresh tokens: rotation, reuse, and the end of a session. */
import { beforeAll, expect, test } from 'vitest';
import { problem, withoutRequestId } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import type { Answer } from '../../kit/request.ts';
import { get, login, newUser, type TestUser } from '../../kit/users.ts';

const refreshWith = (refresh: unknown): Promise<Answer> =>
  call('POST', '/users/token/refresh/', { body: { refresh } });
const logout = (refresh: unknown): Promise<Answer> =>
  call('POST', '/users/auth/logout/', { body: { refresh } });

let ann: TestUser;
/** The tokens of a session that no test ends. */
let lasting: { access: string; refresh: string };
beforeAll(async () => {
  ann = await newUser('ann');
  lasting = await login(ann.username, ann.password);
});

const newSession = (): ReturnType<typeof login> => login(ann.username, ann.password);

test('a refresh token is exchanged for a new pair of valid tokens', async () => {
  const first = await newSession();
  const second = (await refreshWith(first.refresh)).body;
  expect(second.refresh).not.toBe(first.refresh);
  expect(await get({ ...ann, access: second.access }, '/users/auth/profile/')).toMatchObject({
    status: 200,
    body: { id: ann.id },
  });
  expect(await refreshWith(second.refresh)).toMatchObject({ status: 200 });
});

test('reusing a refresh token that was replaced long ago ends its session only', async () => {
  const first = await newSession();
  const second = (await refreshWith(first.refresh)).body;
  const third = (await refreshWith(second.refresh)).body;
  expect(await refreshWith(first.refresh)).toEqual(problem(401, 'invalid_refresh_token'));
  expect(await refreshWith(third.refresh)).toEqual(problem(401, 'invalid_refresh_token'));
  expect(await refreshWith(second.refresh)).toEqual(problem(401, 'invalid_refresh_token'));
  expect(await get({ ...ann, access: lasting.access }, '/users/auth/profile/')).toMatchObject({
    status: 200,
  });
  lasting = (await refreshWith(lasting.refresh)).body;
  expect(lasting.refresh).toBeDefined();
});

test('concurrent refreshes of one token leave one chain of tokens', async () => {
  const first = await newSession();
  const answers = await Promise.all(Array.from({ length: 6 }, () => refreshWith(first.refresh)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  const successors = new Set(answers.map(({ body }) => body.refresh));
  expect(successors.size).toBe(1);
  const next = await refreshWith([...successors][0]);
  expect(next.status).toBe(200);
  expect(await refreshWith(next.body.refresh)).toMatchObject({ status: 200 });
});

test('logout answers 204 and ends its session only', async () => {
  const session = await newSession();
  const other = await newSession();
  expect(await logout(session.refresh)).toMatchObject({ status: 204, body: undefined });
  expect(await refreshWith(session.refresh)).toEqual(problem(401, 'invalid_refresh_token'));
  expect(await refreshWith(other.refresh)).toMatchObject({ status: 200 });
});

test('a repeated logout succeeds', async () => {
  const session = await newSession();
  expect(await logout(session.refresh)).toMatchObject({ status: 204 });
  expect(await logout(session.refresh)).toMatchObject({ status: 204 });
});

test('a logout concurrent with a refresh ends the session', async () => {
  const session = await newSession();
  const [left, refreshed] = await Promise.all([logout(session.refresh), refreshWith(session.refresh)]);
  expect(left.status).toBe(204);
  expect([200, 401]).toContain(refreshed.status);
  const last = refreshed.status === 200 ? refreshed.body.refresh : session.refresh;
  expect(await refreshWith(last)).toEqual(problem(401, 'invalid_refresh_token'));
});

test('refresh and logout accept refresh tokens only', async () => {
  const { access, refresh } = await newSession();
  const { body } = await call('POST', '/chat/ws-ticket/', { token: access });
  const [head, claims, signature = ''] = refresh.split('.');
  const forged = `${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
  const refusals: unknown[] = [];
  for (const token of [
    access,
    body.ticket,
    forged,
    unsigned,
    'nonsense',
    '..',
    'ab\ud800',
    refresh.slice(1),
  ]) {
    for (const answer of [await refreshWith(token), await logout(token)]) {
      expect(answer).toEqual(problem(401, 'invalid_refresh_token'));
      expect(JSON.stringify(answer.body)).not.toContain(token);
      refusals.push(withoutRequestId(answer));
    }
  }
  expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
  expect(await refreshWith(refresh)).toMatchObject({ status: 200 });
});
