import { beforeAll, describe, expect, test } from 'vitest';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import type { Answer } from '../../kit/request.ts';
import { login, newUser, type TestUser } from '../../kit/users.ts';
import { registeredUser } from './shapes.ts';

const password = 'lantern-orbit-42';
const register = (body: object): Promise<Answer> => call('POST', '/users/auth/register/', { body });
const emailOf = (name: string): string => `${name}@example.org`;

let ann: TestUser;
beforeAll(async () => {
  ann = await newUser('Ann');
});

test('registration returns the user as written, without the password', async () => {
  const username = uniqueName('MixedCase');
  const email = emailOf(username);
  const answer = await register({ username, email, password });
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({ ...registeredUser, username, email });
  expect(await login(username, password)).toBeDefined();
});

test.each([[{}], [{ email: '' }]])(
  'registration without an e-mail address (%j) stores an empty one',
  async (email) => {
    const answer = await register({ username: uniqueName(), password, ...email });
    expect(answer).toMatchObject({ status: 201, body: { email: '' } });
  },
);

describe('a username', () => {
  test.each(['a@b', 'a.b', 'a+b', 'a-b', 'a_b', '007', '__proto__', '.', '@'])(
    'may contain the characters of %j',
    async (form) => {
      const username = `${form}${uniqueName()}`;
      expect(await register({ username, password })).toMatchObject({ status: 201, body: { username } });
    },
  );

  test('may have at most 150 characters', async () => {
    const username = uniqueName().padEnd(150, 'x');
    expect(await register({ username: `${username}x`, password })).toEqual(problem(400, 'invalid_request'));
    expect(await register({ username, password })).toMatchObject({ status: 201, body: { username } });
  });

  test('is unique regardless of case', async () => {
    for (const username of [ann.username, ann.username.toUpperCase(), ann.username.toLowerCase()]) {
      expect(await register({ username, password: 'another-one-7' })).toEqual(problem(409, 'username_taken'));
    }
    expect(await login(ann.username, ann.password)).toBeDefined();
  });

  test('that several users register at once goes to one of them', async () => {
    const username = uniqueName('contested');
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        register({
          username: index % 2 === 0 ? username : username.toUpperCase(),
          password: `${password}-${index}`,
        }),
      ),
    );
    const winners = answers.filter(({ status }) => status === 201);
    expect(winners).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(answer).toEqual(problem(409, 'username_taken'));
    }
    const index = answers.indexOf(winners[0] as Answer);
    expect(await login(username, `${password}-${index}`)).toBeDefined();
  });

  test('is case-insensitive on login', async () => {
    expect(await login(ann.username.toUpperCase(), ann.password)).toBeDefined();
  });
});

describe('an e-mail address', () => {
  test('that is taken is answered, and shown to its user, like one that is free', async () => {
    const first = uniqueName();
    const taken = emailOf(first);
    expect(await register({ username: first, email: taken, password })).toMatchObject({ status: 201 });
    for (const email of [taken, taken.toUpperCase(), emailOf(uniqueName())]) {
      const username = uniqueName();
      const answer = await register({ username, email, password });
      expect(answer).toMatchObject({ status: 201, body: { username, email } });
      const { access } = await login(username, password);
      const profile = await call('GET', '/users/auth/profile/', { token: access });
      expect(profile.body).toMatchObject({ username, email });
    }
    const refused = await register({ username: first, email: taken, password });
    expect(refused).toEqual(problem(409, 'username_taken'));
  });

  test('is not changed by an update of the profile, whether it is taken or free', async () => {
    const username = uniqueName();
    const email = emailOf(username);
    await register({ username, email, password });
    const { access } = await login(username, password);
    for (const other of [ann.username, uniqueName()].map(emailOf)) {
      const answer = await call('PATCH', '/users/auth/profile/', { token: access, body: { email: other } });
      expect(answer).toMatchObject({ status: 200, body: { email } });
    }
  });

  test.each(['nonsense', '@example.org', 'a@', 'a b@example.org', `${'a'.repeat(300)}@example.org`])(
    'may not be %j',
    async (email) => {
      const username = uniqueName();
      expect(await register({ username, email, password })).toEqual(problem(400, 'invalid_request'));
      expect(await register({ username, password })).toMatchObject({ status: 201 });
    },
  );
});

describe('a password', () => {
  test('is compared beyond its 72nd byte', async () => {
    const start = 'ü'.repeat(40);
    const username = uniqueName();
    expect(await register({ username, password: `${start}-one` })).toMatchObject({ status: 201 });
    expect(await login(username, `${start}-one`)).toBeDefined();
    const answer = await call('POST', '/users/auth/login/', {
      body: { username, password: `${start}-two` },
    });
    expect(answer).toEqual(problem(401, 'invalid_credentials'));
  });

  test('is compared beyond a zero byte', async () => {
    const username = uniqueName();
    expect(await register({ username, password: 'before\0after' })).toMatchObject({ status: 201 });
    const answer = await call('POST', '/users/auth/login/', { body: { username, password: 'before\0' } });
    expect(answer).toEqual(problem(401, 'invalid_credentials'));
  });

  test('is compared exactly as written, including spaces', async () => {
    const username = uniqueName();
    expect(await register({ username, password: '  spaces  ' })).toMatchObject({ status: 201 });
    expect(await login(username, '  spaces  ')).toBeDefined();
    const answer = await call('POST', '/users/auth/login/', { body: { username, password: 'spaces' } });
    expect(answer).toEqual(problem(401, 'invalid_credentials'));
  });

  test('must have at least 8 characters and differ from the username', async () => {
    const username = uniqueName();
    for (const weak of ['1234567', username, username.toUpperCase()]) {
      const answer = await register({ username, password: weak });
      expect(answer).toEqual(problem(400, 'invalid_request'));
      expect(answer.body.errors).toMatchObject([{ path: 'password' }]);
    }
  });
});
