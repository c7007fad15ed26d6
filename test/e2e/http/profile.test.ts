import { beforeAll, expect, test } from 'vitest';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import type { Answer } from '../../kit/request.ts';
import { get, login, newUser, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
beforeAll(async () => {
  ann = await newUser('ann');
});

const change = (method: string, body: object): Promise<Answer> =>
  call(method, '/users/auth/profile/', { token: ann.access, body });
const read = async (): Promise<any> => (await get(ann, '/users/auth/profile/')).body;

test('the profile is the caller’s own, with the e-mail as it was given', async () => {
  const username = uniqueName('mail');
  const email = `${username}@example.org`;
  const body = { username, email, password: 'lantern-orbit-42' };
  const { body: registered } = await call('POST', '/users/auth/register/', { body });
  const { body: tokens } = await call('POST', '/users/auth/login/', {
    body: { username, password: body.password },
  });
  const answer = await call('GET', '/users/auth/profile/', { token: tokens.access });
  expect(answer.body).toEqual({
    id: registered.id,
    username,
    email,
    first_name: '',
    last_name: '',
    profile_picture: null,
  });
});

test.each(['PUT', 'PATCH'])('%s changes what is named, and leaves the rest', async (method) => {
  await change(method, { first_name: 'Ann', last_name: 'Arbor' });
  const answer = await change(method, { last_name: 'Bee' });
  expect(answer).toMatchObject({ status: 200, body: { first_name: 'Ann', last_name: 'Bee' } });
  expect(await read()).toEqual(answer.body);
  expect(await change(method, {})).toMatchObject({ status: 200, body: answer.body });
});

test.each(['PUT', 'PATCH'])('%s takes back what was read, and ignores read-only fields', async (method) => {
  const before = await read();
  const answer = await change(method, {
    ...before,
    id: '00000000-0000-4000-8000-000000000000',
    username: 'someone-else',
    email: 'other@example.org',
    first_name: 'Anna',
  });
  expect(answer.body).toEqual({ ...before, first_name: 'Anna' });
  expect(await read()).toEqual(answer.body);
  expect(await change(method, before)).toMatchObject({ status: 200, body: before });
});

test.each(['PUT', 'PATCH'])('%s ignores unknown fields', async (method) => {
  const before = await read();
  for (const unknown of [{ is_staff: true }, { password: 'lantern-orbit-43' }, { First_name: 'x' }]) {
    expect(await change(method, unknown)).toMatchObject({ status: 200, body: before });
  }
  expect(await read()).toEqual(before);
  await login(ann.username, ann.password);
});

test.each([
  '<script>alert(1)</script>',
  'Zoë 👩‍👩‍👧 שרה',
  "Robert'); DROP TABLE",
  '  spaces  ',
  '__proto__',
  'n'.repeat(150),
])('the name %j is stored as sent', async (name) => {
  expect(await change('PATCH', { first_name: name })).toMatchObject({ body: { first_name: name } });
  expect(await read()).toMatchObject({ first_name: name });
});

test.each([
  'a\0b\u0007',
  'Zoë \u202eabc',
  ...['\u202a', '\u202b', '\u202d', '\u2066', '\u2067', '\u2068'].map((mark) => `ann${mark}nimda`),
])('the name %j, which is shown as another one, is refused', async (name) => {
  const before = await read();
  for (const field of ['first_name', 'last_name']) {
    expect(await change('PATCH', { [field]: name })).toEqual(problem(400, 'invalid_request'));
  }
  expect(await read()).toEqual(before);
});
