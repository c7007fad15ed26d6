/** Changing the password, and which passwords are accepted. */
import { beforeEach, describe, expect, test } from 'vitest';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { get, login, newUser, type TestUser } from '../../kit/users.ts';

const next = 'thimble-gravel-58';
const change = (user: TestUser, old_password: string, new_password: string) =>
  call('POST', '/users/auth/password/', { token: user.access, body: { old_password, new_password } });
const signIn = (username: string, password: string) =>
  call('POST', '/users/auth/login/', { body: { username, password } });

let ann: TestUser;
beforeEach(async () => {
  ann = await newUser('ann');
});

test('a new password replaces the old one', async () => {
  expect(await change(ann, ann.password, next)).toMatchObject({ status: 204, body: undefined });
  expect(await signIn(ann.username, ann.password)).toEqual(problem(401, 'invalid_credentials'));
  expect(await signIn(ann.username, next)).toMatchObject({ status: 200 });
});

test('changing the password keeps the session of the request and ends all others at once', async () => {
  const elsewhere = { ...ann, ...(await login(ann.username, ann.password)) };
  await change(ann, ann.password, next);
  expect(await get(ann, '/users/auth/profile/')).toMatchObject({ status: 200 });
  expect((await get(ann, '/users/auth/sessions/')).body).toMatchObject([{ is_current: true }]);
  expect(await get(elsewhere, '/users/auth/profile/')).toEqual(problem(401, 'unauthorized'));
  for (const [{ refresh }, status] of [
    [ann, 200],
    [elsewhere, 401],
  ] as const) {
    expect(await call('POST', '/users/token/refresh/', { body: { refresh } })).toMatchObject({ status });
  }
});

test('a wrong old password is an error of that field and ends no session', async () => {
  const elsewhere = { ...ann, ...(await login(ann.username, ann.password)) };
  const answer = await change(ann, 'not-the-password', next);
  expect(answer).toEqual(problem(400, 'invalid_request'));
  expect(answer.body.errors).toMatchObject([{ path: 'old_password' }]);
  expect(await get(elsewhere, '/users/auth/profile/')).toMatchObject({ status: 200 });
  expect(await signIn(ann.username, ann.password)).toMatchObject({ status: 200 });
});

test('many guesses at the old password at once are delayed, in that session only', async () => {
  const elsewhere = { ...ann, ...(await login(ann.username, ann.password)) };
  const answers = await Promise.all(Array.from({ length: 25 }, (_, at) => change(ann, `guess-${at}`, next)));
  const guessed = answers.filter(({ status }) => status === 400);
  expect(guessed).toHaveLength(10);
  for (const answer of answers.filter(({ status }) => status !== 400))
    expect(answer).toEqual(problem(429, 'rate_limited'));
  expect(await change(ann, ann.password, next)).toEqual(problem(429, 'rate_limited'));
  expect(await change(elsewhere, ann.password, next)).toMatchObject({ status: 204 });
});

describe('a password', () => {
  const weak = [
    'password1',
    '12345678',
    'Qwertyui',
    'ILOVEYOU',
    'Passw0rd!',
    'Summer2024!',
    'ｐａｓｓｗｏｒｄ',
    'serverless-chat',
  ];

  test.each(weak)('may not be %s, on registration or on a change', async (password) => {
    const username = uniqueName();
    const refused = await call('POST', '/users/auth/register/', { body: { username, password } });
    expect(refused).toEqual(problem(400, 'invalid_request'));
    expect(refused.body.errors).toMatchObject([{ path: 'password' }]);
    const unchanged = await change(ann, ann.password, password);
    expect(unchanged).toEqual(problem(400, 'invalid_request'));
    expect(unchanged.body.errors).toMatchObject([{ path: 'new_password' }]);
  });

  test('may not be the username or e-mail address with or without additions', async () => {
    const username = uniqueName('Longish');
    const email = `${uniqueName('mail')}@example.org`;
    const local = email.split('@')[0] ?? '';
    for (const password of [`${username.toUpperCase()}1!`, `${local}123`, email, `!${local}`]) {
      const answer = await call('POST', '/users/auth/register/', { body: { username, email, password } });
      expect(answer).toEqual(problem(400, 'invalid_request'));
      expect(answer.body.errors).toMatchObject([{ path: 'password' }]);
    }
  });

  test('may have 8 to 256 characters of any kind', async () => {
    for (const [length, status] of [
      [7, 400],
      [8, 201],
      [128, 201],
      [256, 201],
      [257, 400],
    ] as const) {
      const password = `${'käfer-Λ7жю'.repeat(30).slice(0, length - 1)}~`;
      const answer = await call('POST', '/users/auth/register/', {
        body: { username: uniqueName(), password },
      });
      expect({ length, status: answer.status }).toEqual({ length, status });
    }
  });
});
