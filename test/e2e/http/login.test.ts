import { beforeAll, expect, test } from 'vitest';
import { oneOfProblems, problem, withoutRequestId } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import type { Answer } from '../../kit/request.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

const signIn = (username: string, password: string): Promise<Answer> =>
  call('POST', '/users/auth/login/', { body: { username, password } });

const claimsOf = (token: string): any =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

let ann: TestUser;
beforeAll(async () => {
  ann = await newUser('ann');
});

test('each login opens a new session', async () => {
  const [one, other] = await Promise.all([
    signIn(ann.username, ann.password),
    signIn(ann.username, ann.password),
  ]);
  expect(one.body.refresh).not.toBe(other.body.refresh);
  expect(one.body.access).not.toBe(other.body.access);
});

test('an access token lasts five minutes, and a refresh token one day', () => {
  const access = claimsOf(ann.access);
  const refresh = claimsOf(ann.refresh);
  expect(access.exp - access.iat).toBe(5 * 60);
  expect(refresh.exp - refresh.iat).toBe(24 * 60 * 60);
});

test('a wrong password and an unknown user get the same answer: 401, Invalid Credentials', async () => {
  const wrong = await signIn(ann.username, 'not-the-password');
  const unknown = await signIn(uniqueName('unknown'), 'not-the-password');
  expect(wrong).toEqual(problem(401, 'invalid_credentials'));
  expect(`${wrong.body.title} ${wrong.body.detail}`).toContain('Invalid Credentials');
  expect(withoutRequestId(unknown)).toEqual(withoutRequestId(wrong));
  expect([...unknown.headers.keys()].sort()).toEqual([...wrong.headers.keys()].sort());
});

test.each([
  ['a name that no user can have', 'no such / user #'],
  ['a name with a zero byte', 'ann\0'],
  ['half of a surrogate pair', 'ann\ud800'],
  ['a name that grows when it is normalized', 'ﷺ'.repeat(1_000)],
  ['a long name', 'n'.repeat(1_024)],
  ['the key of another item', 'ann#LOGIN'],
  ['__proto__', '__proto__'],
])('a login with %s is refused with 401 or 400', async (_, username) => {
  const answer = await signIn(username, 'not-the-password');
  expect(answer).toEqual(oneOfProblems(problem(401, 'invalid_credentials'), problem(400, 'invalid_request')));
});

test('after many failures even the right password is delayed, for that username only', async () => {
  const [victim, other] = await Promise.all([newUser('victim'), newUser('other')]);
  let answer = await signIn(victim.username, 'not-the-password');
  for (let attempts = 1; answer.status === 401 && attempts < 30; attempts += 1) {
    answer = await signIn(victim.username, 'not-the-password');
  }
  expect(answer).toEqual(problem(429, 'rate_limited'));
  const limited = await signIn(victim.username.toUpperCase(), victim.password);
  expect(limited).toEqual(problem(429, 'rate_limited'));
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await signIn(other.username, other.password)).toMatchObject({ status: 200 });
  const refreshed = await call('POST', '/users/token/refresh/', { body: { refresh: victim.refresh } });
  expect(refreshed.status).toBe(200);
});

test('a burst of concurrent guesses passes no more attempts than consecutive ones', async () => {
  const victim = await newUser('victim');
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, at) => signIn(victim.username, `guess-${at}`)),
  );
  const compared = answers.filter(({ status }) => status === 401);
  expect(compared).toHaveLength(10);
  for (const answer of answers.filter(({ status }) => status !== 401))
    expect(answer).toEqual(problem(429, 'rate_limited'));
});
