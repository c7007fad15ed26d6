/** Authentication: every operation is called with every kind of invalid token. */
import { createHmac } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { newFixture, newFixtureUsers, readState, type Fixture } from './fixture.ts';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import type { TestUser } from '../../kit/users.ts';
import { addressOf, operations, perform } from './operation-cases.ts';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string | undefined): object =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString());

const ownKey = 'a key of the attacker, long enough';
/** Headers with which a token carries its own key or points to one. */
const ownKeys: Record<string, object> = {
  jwk: { jwk: { kty: 'oct', k: Buffer.from(ownKey).toString('base64url') } },
  jku: { jku: 'http://127.0.0.1:9/keys' },
  x5u: { x5u: 'http://127.0.0.1:9/certificate' },
};

function signedWithOwnKey(header: object, claims: string): string {
  const signed = `${encode(header)}.${claims}`;
  return `${signed}.${createHmac('sha256', ownKey).update(signed).digest('base64url')}`;
}

/** Returns Authorization headers that hold no valid access token of the user, by what makes them invalid. */
async function badHeaders({ access, refresh }: TestUser, stranger: TestUser): Promise<[string, string][]> {
  const [head = '', claims = '', signature = ''] = access.split('.');
  const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
  const { body } = await call('POST', '/chat/ws-ticket/', { token: access });
  const turned = signature.startsWith('A') ? 'B' : 'A';
  return [
    ['an empty header', ''],
    ['a scheme without a token', 'Bearer'],
    ['another scheme', `Basic ${Buffer.from('ann:secret').toString('base64')}`],
    ['the token without its scheme', access],
    ['the token under another scheme', `Token ${access}`],
    ['two tokens', `Bearer ${access} ${access}`],
    ['a word', 'Bearer nonsense'],
    ['three empty parts', 'Bearer ..'],
    ['parts that are no JSON', 'Bearer AAAA.BBBB.CCCC'],
    ['no signature', `Bearer ${head}.${claims}.`],
    ['another signature', `Bearer ${head}.${claims}.${turned}${signature.slice(1)}`],
    ['the signature of another token', `Bearer ${head}.${claims}.${stranger.access.split('.')[2]}`],
    [
      'claims of its own',
      `Bearer ${head}.${encode({ ...decode(claims), sub: stranger.id, exp: inAnHour })}.${signature}`,
    ],
    ['an end in the past', `Bearer ${head}.${encode({ ...decode(claims), exp: 1 })}.${signature}`],
    ['the algorithm none', `Bearer ${encode({ ...decode(head), alg: 'none' })}.${claims}.`],
    ['another algorithm', `Bearer ${encode({ ...decode(head), alg: 'HS512' })}.${claims}.${signature}`],
    ['an unknown key', `Bearer ${encode({ ...decode(head), kid: 'mine' })}.${claims}.${signature}`],
    ...['jwk', 'jku', 'x5u'].map((name): [string, string] => [
      `${name}: a key of its own`,
      `Bearer ${signedWithOwnKey({ ...decode(head), ...ownKeys[name] }, claims)}`,
    ]),
    ['a refresh token', `Bearer ${refresh}`],
    ['a ticket', `Bearer ${body.ticket}`],
    ['a huge token', `Bearer ${head}.${'A'.repeat(4_000)}.${signature}`],
  ];
}

let fixture: Fixture;
/** The state before the refused requests, which must not change it. */
let before: unknown;
let headers: [string, string][];
beforeAll(async () => {
  fixture = await newFixture(await newFixtureUsers());
  before = await readState(fixture);
  headers = await badHeaders(fixture.owner, fixture.stranger);
});

const withAuth = (auth: string) => operations.filter((row) => row.auth === auth);

/** The headers for every operation; the others are sent to two operations, one in each function. */
const everywhere = ['a word', 'another signature', 'a refresh token', 'a ticket'];
const thoroughly = ['GET /users/auth/profile/', 'POST /chat/rooms/{room_id}/messages/'];

test.each(withAuth('required'))(
  '$name answers 401 without a valid token and changes nothing',
  async (row) => {
    expect(await perform(row, fixture)).toEqual(problem(401, 'unauthorized'));
    const body = await row.body?.(fixture);
    const isThorough = thoroughly.includes(row.name);
    for (const [kind, authorization] of headers.filter(([kind]) => isThorough || everywhere.includes(kind))) {
      const answer = await call(row.method, addressOf(row, fixture), { body, headers: { authorization } });
      expect({ kind, ...answer }).toEqual({ kind, ...problem(401, 'unauthorized') });
      expect(JSON.stringify(answer.body)).not.toContain(authorization.split(' ')[1] || 'no token');
    }
    expect(await readState(fixture)).toEqual(before);
  },
);

test.each(withAuth('optional'))('$name needs no token but refuses an invalid one', async (row) => {
  expect(await perform(row, fixture)).toMatchObject({ status: row.status });
  expect(await perform(row, fixture, { token: fixture.stranger.access })).toMatchObject({
    status: row.status,
  });
  for (const [, authorization] of headers) {
    const answer = await call(row.method, addressOf(row, fixture), { headers: { authorization } });
    expect(answer).toEqual(problem(401, 'unauthorized'));
  }
});

test.each(withAuth('none'))('$name ignores an invalid token', async (row) => {
  const answer = await perform(row, fixture, { token: 'nonsense' });
  expect(answer.status).toBe(row.status);
});

test('the authorization scheme is case-insensitive', async () => {
  const authorization = `bearer ${fixture.owner.access}`;
  expect(await call('GET', '/users/auth/profile/', { headers: { authorization } })).toMatchObject({
    status: 200,
    body: { id: fixture.owner.id },
  });
});

test('a token in the query of an HTTP request is ignored', async () => {
  const answer = await call('GET', `/users/auth/profile/?token=${fixture.owner.access}`);
  expect(answer).toEqual(problem(401, 'unauthorized'));
});
