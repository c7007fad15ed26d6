/** Sends random, mostly invalid requests to every operation of the contract; each must get a well-formed answer. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operation } from '../../../shared/contract/http/operation.ts';
import { operations } from '../../../shared/contract/http/operations.ts';
import { errorCodes } from '../../../shared/contract/errors.ts';
import { newFixture, newFixtureUsers, type Fixture } from '../http/fixture.ts';
import { hostileText, textOf, valuesFor, type Pool } from './arbitraries.ts';
import { patience, runs } from './fuzzed-runtime.ts';
import { send, type RawAnswer, type Sent } from './raw-request.ts';

const poolOf = ({ owner, member, room, message }: Fixture): Pool => ({
  room_id: [room.room_id],
  room_name: ['fresh-room', room.room_name],
  room: [room.room_name, room.room_id],
  message_id: [message.message_id],
  user_id: [member.id, owner.id],
  target_user_id: [member.id],
  session_id: [owner.id],
  username: [owner.username, owner.username.slice(0, 3), 'new-name'],
  password: [owner.password],
  old_password: [owner.password],
  new_password: ['another-lantern-7'],
  email: ['someone@example.org', ''],
  refresh: [owner.refresh, owner.access],
  content: ['hi', ' hi '],
  client_id: ['c-1'],
  description: ['about'],
  first_name: ['Ann'],
  limit: ['1', '100'],
  before: ['1', '9007199254740991'],
  after: ['0', '5'],
  cursor: ['W10.AAAAAAAAAAAAAAAAAAAAAA'],
});

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const contentTypes = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'multipart/form-data',
  '',
];

/** A path segment, percent-encoded or not. */
const encoded = (text: string): fc.Arbitrary<string> => {
  const safe = encodeURIComponent(text.toWellFormed());
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(safe) },
    { weight: 1, arbitrary: fc.constant(text.replaceAll(/[^!-~]|[?#]/g, '')) },
  );
};

function addressesOf(row: Operation, pool: Pool): fc.Arbitrary<string> {
  const parts = row.path.split(/(\{\w+\})/).map((part) => {
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? [];
    if (name === undefined) return fc.constant(part);
    return fc
      .oneof(
        { weight: 5, arbitrary: fc.constantFrom(...(pool[name] ?? ['x'])) },
        { weight: 2, arbitrary: hostileText },
      )
      .chain(encoded);
  });
  const query = row.query === undefined ? fc.constant({}) : valuesFor(row.query, pool);
  const pairs = query.chain((values) =>
    fc.tuple(
      ...Object.entries(values as object).map(([name, value]) =>
        encoded(String(value)).map((text) => `${encodeURIComponent(name.toWellFormed())}=${text}`),
      ),
    ),
  );
  return fc.tuple(fc.tuple(...parts), pairs).map(([path, values]) => {
    const address = path.join('');
    return values.length === 0 ? address : `${address}?${values.join('&')}`;
  });
}

function bodiesOf(row: Operation, pool: Pool): fc.Arbitrary<Buffer | undefined> {
  const json = (row.body === undefined ? fc.constant({}) : valuesFor(row.body, pool))
    .chain(textOf)
    .map((text) => Buffer.from(text));
  return fc.oneof(
    { weight: row.body === undefined ? 1 : 8, arbitrary: json },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constantFrom(Buffer.alloc(70_000, '['), Buffer.from('"\xff"', 'latin1')) },
  );
}

function headersOf({ owner, stranger }: Fixture): fc.Arbitrary<Record<string, string>> {
  const good = `Bearer ${owner.access}`;
  const authorization = fc.oneof(
    { weight: 8, arbitrary: fc.constant(good) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        'Bearer',
        `bearer  ${owner.access} `,
        `Bearer ${owner.refresh}`,
        'Basic eDp5',
        `${good}x`,
        `Bearer ${stranger.access}`,
        `Bearer ${'x'.repeat(5_000)}`,
      ),
    },
  );
  const type = fc.oneof(
    { weight: 8, arbitrary: fc.constant('application/json') },
    { weight: 1, arbitrary: fc.constantFrom(...contentTypes) },
  );
  const more = fc.oneof(
    { weight: 8, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Record<string, string>>(
        { 'content-encoding': 'gzip' },
        { origin: 'null' },
        { cookie: 'a=b; __proto__=c' },
        { 'x-viewer-address': '1.2.3.4', 'x-origin-key': 'k' },
        { 'x-forwarded-for': "1.1.1.1, '" },
        { accept: 'image/png' },
      ),
    },
  );
  return fc
    .tuple(authorization, type, more)
    .map(([authorization, type, more]) => ({ authorization, 'content-type': type, ...more }));
}

/** Describes the fault of an answer; undefined when nothing is. */
function faultsOf({ method }: Sent, { status, type, text }: RawAnswer): string[] {
  if (status >= 500) return [`${status}: ${text}`];
  // The gateway itself answers a path that is too long for any function.
  if (status < 400 || status === 431 || method === 'HEAD') return [];
  if (!type.startsWith('application/problem+json')) return [`${status} without a problem: ${type} ${text}`];
  const problem = JSON.parse(text) as { status: number; code: keyof typeof errorCodes; request_id: string };
  const isWhole =
    problem.status === status && errorCodes[problem.code]?.status === status && problem.request_id !== '';
  return isWhole ? [] : [`no whole problem: ${text}`];
}

const rows: [string, Operation][] = Object.entries(operations);

export function fuzzHttp(): void {
  test.each(rows)('%s answers every request in a documented way', patience, async (_, row) => {
    const fixture = await newFixture(await newFixtureUsers());
    const pool = poolOf(fixture);
    const method = fc.oneof(
      { weight: 10, arbitrary: fc.constantFrom<string>(...row.methods) },
      { weight: 1, arbitrary: fc.constantFrom(...methods) },
    );
    const requests = fc.record({
      method,
      path: addressesOf(row, pool),
      headers: headersOf(fixture),
      body: bodiesOf(row, pool),
    });
    await fc.assert(
      fc.asyncProperty(requests, async (sent) => {
        expect(faultsOf(sent, await send(sent))).toEqual([]);
      }),
      runs(row.function === 'docs' ? 4 : 12),
    );
  });
}
