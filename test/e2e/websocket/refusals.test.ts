/** Refused handshakes, and the status for each cause. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ChatSocket } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { newPrivateRoom, newRoom } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;

beforeAll(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
});

const refusedFor = ({ access }: TestUser, path: string) => ChatSocket.refusal(path, { token: access });

/** The same token with the signature of another one. */
function withForeignSignature(token: string, other: string): string {
  return [...token.split('.').slice(0, 2), other.split('.')[2]].join('.');
}

function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  return `${header}.${token.split('.')[1]}.`;
}

describe('401', () => {
  test.each<[string, () => string | undefined]>([
    ['nothing that says who it is', () => undefined],
    ['a word', () => 'Bearer nothing'],
    ['an empty bearer', () => 'Bearer '],
    ['another scheme', () => `Basic ${Buffer.from('ann:secret').toString('base64')}`],
    ['a token without its scheme', () => ann.access],
    ['a refresh token', () => `Bearer ${ann.refresh}`],
    ['a token with a foreign signature', () => `Bearer ${withForeignSignature(ann.access, bob.access)}`],
    ['an unsigned token', () => `Bearer ${unsigned(ann.access)}`],
  ])('answers a header with %s', async (_, header) => {
    const authorization = header();
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    expect(await ChatSocket.refusal(`/ws/chat/${uniqueName()}/`, { headers })).toBe(401);
    expect(await ChatSocket.refusal('/ws/chat/', { headers })).toBe(401);
  });

  test.each(['token=nothing', 'token=', 'ticket=nothing', 'ticket='])('answers ?%s', async (query) => {
    expect(await ChatSocket.refusal(`/ws/chat/${uniqueName()}/?${query}`)).toBe(401);
  });

  test('answers an access token in place of a ticket', async () => {
    expect(await ChatSocket.refusal('/ws/chat/', { protocols: ['chat.v1', `ticket.${ann.access}`] })).toBe(
      401,
    );
  });

  test('answers a ticket in place of an access token', async () => {
    const { body } = await call('POST', '/chat/ws-ticket/', { token: ann.access, body: {} });
    expect(await ChatSocket.refusal('/ws/chat/', { token: body.ticket })).toBe(401);
  });

  test('creates no room', async () => {
    const name = uniqueName('unmade');
    expect(await ChatSocket.refusal(`/ws/chat/${name}/`)).toBe(401);
    const answer = await call('POST', '/chat/rooms/create/', {
      token: ann.access,
      body: { room_name: name },
    });
    expect(answer.status).toBe(201);
  });
});

describe('403', () => {
  test('answers a user who is not a member of a private room', async () => {
    const secret = await newPrivateRoom(ann);
    expect(await refusedFor(bob, `/ws/chat/${secret.room_name}/`)).toBe(403);
    expect(await refusedFor(bob, `/ws/chat/?room=${secret.room_name}`)).toBe(403);
  });

  test('answers a user who was removed from a private room', async () => {
    const secret = await newPrivateRoom(ann, bob);
    await call('DELETE', `/chat/rooms/${secret.room_id}/members/remove/${bob.id}/`, { token: ann.access });
    expect(await refusedFor(bob, `/ws/chat/${secret.room_name}/`)).toBe(403);
  });

  test('is also the answer to a request for a ticket', async () => {
    const secret = await newPrivateRoom(ann);
    const answer = await call('POST', '/chat/ws-ticket/', {
      token: bob.access,
      body: { room: secret.room_name },
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

describe('404', () => {
  test.each(['dm_', 'DM_', 'ｄｍ_'])('answers %s…, a prefix that handshakes never create', async (prefix) => {
    const name = encodeURIComponent(prefix + uniqueName());
    expect(await refusedFor(ann, `/ws/chat/${name}/`)).toBe(404);
    expect(await refusedFor(ann, `/ws/chat/?room=${name}`)).toBe(404);
  });

  test('answers the direct room of other users like one that does not exist', async () => {
    const carl = await newUser('carl');
    const direct = await call('GET', `/chat/dm/${bob.id}`, { token: ann.access });
    expect(await refusedFor(carl, `/ws/chat/${direct.body.room_name}/`)).toBe(404);
  });

  test('is also the answer to a request for a ticket', async () => {
    const answer = await call('POST', '/chat/ws-ticket/', {
      token: ann.access,
      body: { room: `dm_${uniqueName()}` },
    });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('409', () => {
  test.each([
    ['a space', 'two words'],
    ['a number sign', 'a#b'],
    ['a slash', 'a/b'],
    ['a control character', 'a\u0001b'],
    ['a line break', 'a\nb'],
    ['an exclamation mark', 'hi!'],
    ['an emoji', '🚀'],
    ['256 letters', 'a'.repeat(256)],
  ])('answers a name with %s, which is not valid', async (_, name) => {
    expect(await refusedFor(ann, `/ws/chat/?room=${encodeURIComponent(name)}`)).toBe(409);
    expect(await refusedFor(ann, `/ws/chat/${encodeURIComponent(name)}/`)).toBe(409);
  });

  test('answers a name that is not UTF-8', async () => {
    expect(await refusedFor(ann, '/ws/chat/?room=%ED%A0%80')).toBe(409);
  });
});

describe('400', () => {
  test.each([
    'history=',
    'after=',
    'after=1e1',
    'history=-1',
    'history=101',
    'history=1.5',
    'history=ten',
    'after=-1',
    'after=x',
    'after=9007199254740993',
    'batch=2',
  ])('answers ?%s', async (query) => {
    const room = await newRoom(ann);
    expect(await refusedFor(ann, `/ws/chat/${room.room_name}/?${query}`)).toBe(400);
  });
});
