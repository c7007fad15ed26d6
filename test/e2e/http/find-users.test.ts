import { beforeAll, expect, test } from 'vitest';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import type { Answer } from '../../kit/request.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';
import { userSummary } from './shapes.ts';

let ann: TestUser;
const family = uniqueName('Family');
beforeAll(async () => {
  ann = await newUser('ann');
  await Promise.all(
    Array.from({ length: 22 }, (_, index) =>
      call('POST', '/users/auth/register/', {
        body: {
          username: `${family}.${index}`,
          email: `${family}.${index}@example.org`,
          password: 'lantern-orbit-42',
        },
      }),
    ),
  );
});

const find = (prefix: string): Promise<Answer> => get(ann, `/users/?username=${encodeURIComponent(prefix)}`);

test('finds users whose username starts with the text, in any case, without their e-mail addresses', async () => {
  for (const prefix of [`${family}.7`, `${family}.7`.toLowerCase(), `${family}.7`.toUpperCase()]) {
    // The index is eventually consistent with the registrations.
    await expect
      .poll(async () => (await find(prefix)).body)
      .toEqual([{ ...userSummary, username: `${family}.7` }]);
  }
});

test('finds at most twenty users', async () => {
  await expect.poll(async () => (await find(family)).body).toHaveLength(20);
  const { body } = await find(family);
  expect(new Set(body.map((user: any) => user.id)).size).toBe(20);
  for (const user of body) expect(user.username.startsWith(family)).toBe(true);
});

test('finds no user by the middle of a username', async () => {
  await expect.poll(async () => (await find(`${family}.7`)).body).toHaveLength(1);
  expect(await find(`${family}.7`.slice(1))).toMatchObject({ status: 200, body: [] });
});

test.each(['', '?username=', '?username=%00', '?username=a%23b', `?username=${'a'.repeat(151)}`, '?name=a'])(
  '/users/%s is refused with 400',
  async (query) => {
    expect(await get(ann, `/users/${query}`)).toEqual(problem(400, 'invalid_request'));
  },
);
