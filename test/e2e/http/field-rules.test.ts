/** The rules for the fields of request bodies: one row for each rule. */
import { expect, test } from 'vitest';
import { useUnchangedFixture } from './fixture.ts';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';

const password = 'lantern-orbit-42';
const secret = 'secret-marker-hunter2-5f3a';

const unchanged = useUnchangedFixture();

/** Method, path with `ROOM` and `MESSAGE` for ids, body, and the field that the error names. */
const refused: [string, string, unknown, string][] = [
  ['POST', '/users/auth/register/', {}, 'username'],
  ['POST', '/users/auth/register/', { password: secret }, 'username'],
  ['POST', '/users/auth/register/', { username: null, password: secret }, 'username'],
  ['POST', '/users/auth/register/', { username: '', password: secret }, 'username'],
  ['POST', '/users/auth/register/', { username: 'two words', password: secret }, 'username'],
  ['POST', '/users/auth/register/', { username: 'a/b', password: secret }, 'username'],
  ['POST', '/users/auth/register/', { username: 'a#b', password: secret }, 'username'],
  ['POST', '/users/auth/register/', { username: 'añb', password: secret }, 'username'],
  ['POST', '/users/auth/register/', { username: 'ａｎｎ', password: secret }, 'username'],
  ['POST', '/users/auth/register/', { username: 'a\0b', password: secret }, 'username'],
  ['POST', '/users/auth/register/', { username: 'a\n', password: secret }, 'username'],
  ['POST', '/users/auth/register/', { username: uniqueName() }, 'password'],
  ['POST', '/users/auth/register/', { username: uniqueName(), password: null }, 'password'],
  ['POST', '/users/auth/register/', { username: uniqueName(), password: `${secret}\ud800` }, 'password'],
  ['POST', '/users/auth/register/', { username: uniqueName(), password: secret.repeat(500) }, 'password'],
  ['POST', '/users/auth/register/', { username: uniqueName(), password, email: secret }, 'email'],
  ['POST', '/users/auth/register/', { username: uniqueName(), password, email: 5 }, 'email'],
  ['POST', '/users/auth/login/', { username: 'ann' }, 'password'],
  ['POST', '/users/auth/login/', { password: secret }, 'username'],
  ['POST', '/users/auth/login/', { username: 'ann', password: '' }, 'password'],
  ['POST', '/users/auth/login/', { username: 'ann', password: secret.repeat(1_000) }, 'password'],
  ['POST', '/users/token/refresh/', {}, 'refresh'],
  ['POST', '/users/token/refresh/', { refresh: '' }, 'refresh'],
  ['POST', '/users/token/refresh/', { refresh: secret.repeat(1_000) }, 'refresh'],
  ['POST', '/users/auth/logout/', {}, 'refresh'],
  ['PUT', '/users/auth/profile/', { first_name: null }, 'first_name'],
  ['PATCH', '/users/auth/profile/', { first_name: 'x'.repeat(151) }, 'first_name'],
  ['PATCH', '/users/auth/profile/', { first_name: 'fine', last_name: 'x\udc00' }, 'last_name'],
  ['POST', '/chat/rooms/create/', {}, 'room_name'],
  ['POST', '/chat/rooms/create/', { room_name: uniqueName(), is_private: 'yes' }, 'is_private'],
  ['POST', '/chat/rooms/create/', { room_name: uniqueName(), is_private: 1 }, 'is_private'],
  ['POST', '/chat/rooms/create/', { room_name: uniqueName(), description: 'x\ud800' }, 'description'],
  ['POST', '/chat/rooms/create/', { room_name: uniqueName(), description: 'x\u202ey' }, 'description'],
  ['PATCH', '/chat/rooms/ROOM/', { description: 'x\u2066y' }, 'description'],
  [
    'POST',
    '/chat/rooms/create/',
    { room_name: uniqueName(), description: 'x'.repeat(30_000) },
    'description',
  ],
  ['PUT', '/chat/rooms/ROOM/', { description: 'fine', room_name: 'two words' }, 'room_name'],
  ['PATCH', '/chat/rooms/ROOM/', { room_name: null }, 'room_name'],
  ['POST', '/chat/rooms/ROOM/members/add/', {}, 'user_id'],
  ['POST', '/chat/rooms/ROOM/members/add/', { user_id: null }, 'user_id'],
  ['POST', '/chat/rooms/ROOM/members/add/', { username: 'ann' }, 'user_id'],
  ['POST', '/chat/rooms/ROOM/messages/', {}, 'content'],
  ['POST', '/chat/rooms/ROOM/messages/', { message: 'hi' }, 'content'],
  ['POST', '/chat/rooms/ROOM/messages/', { content: null }, 'content'],
  ['POST', '/chat/rooms/ROOM/messages/', { content: 'hi', client_id: null }, 'client_id'],
  ['POST', '/chat/rooms/ROOM/messages/', { content: 'hi', client_id: 5 }, 'client_id'],
  ['PUT', '/chat/messages/MESSAGE/edit/', {}, 'content'],
  ['POST', '/chat/rooms/ROOM/read/', {}, 'message_id'],
  ['POST', '/chat/rooms/ROOM/read/', { message_id: 7 }, 'message_id'],
  ['POST', '/chat/ws-ticket/', { room: '' }, 'room'],
  ['POST', '/chat/ws-ticket/', { room: 'two words' }, 'room'],
];

test.each(refused)('%s %s with %j is refused for its %4$s', async (method, path, body, field) => {
  const { owner, room, message } = unchanged.fixture;
  const address = path.replace('ROOM', room.room_id).replace('MESSAGE', message.message_id);
  const token = /auth\/profile|^\/chat/.test(path) ? owner.access : undefined;
  const answer = await call(method, address, { token, body });
  expect(answer).toEqual(problem(400, 'invalid_request'));
  expect(answer.body.errors.map((error: any) => error.path)).toContain(field);
  expect(JSON.stringify(answer.body)).not.toContain(secret);
});

test.each(['{}', '{"refresh": ""}', '', undefined])(
  'refresh with %j is refused and names the missing field',
  async (raw) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await call('POST', '/users/token/refresh/', raw === undefined ? {} : { raw, headers });
    expect(answer).toEqual(problem(400, 'invalid_request'));
  },
);

test('an answer lists all invalid fields of a body', async () => {
  const answer = await call('POST', '/users/auth/register/', { body: { email: 'x' } });
  expect(answer).toEqual(problem(400, 'invalid_request'));
  const paths = answer.body.errors.map((error: any) => error.path).sort();
  expect(paths).toEqual(['email', 'password', 'username']);
});

test('a content type with a charset or with capitals is accepted', async () => {
  for (const type of [
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json;charset=UTF-8',
  ]) {
    const answer = await call('PATCH', '/users/auth/profile/', {
      token: unchanged.fixture.stranger.access,
      raw: JSON.stringify({ first_name: 'Ünal' }),
      headers: { 'content-type': type },
    });
    expect(answer).toMatchObject({ status: 200, body: { first_name: 'Ünal' } });
  }
});
