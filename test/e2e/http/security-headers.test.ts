/** The security headers of every answer: browsers must not sniff, frame, execute or cache it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { newFixture, newFixtureUsers, type Fixture } from './fixture.ts';
import { call } from '../../kit/deployment.ts';
import type { Answer } from '../../kit/request.ts';
import { addressOf, operations, perform } from './operation-cases.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await newFixture(await newFixtureUsers());
});

const closed = "default-src 'none'; frame-ancestors 'none'";

function headersOf({ headers }: Answer): Record<string, string | null> {
  const names = ['x-content-type-options', 'referrer-policy', 'content-security-policy', 'cache-control'];
  return Object.fromEntries(names.map((name) => [name, headers.get(name)]));
}

const data = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': closed,
  'cache-control': 'no-store',
};

/** Public resources, the same for every caller, which caches may store. */
const isDocument = (path: string): boolean =>
  /^\/(swagger|openapi|asyncapi|health|chat\/websocket-docs)/.test(path);
const isPage = (path: string): boolean => /swagger|websocket-docs/.test(path);
const reading = operations.filter(({ method }) => method === 'GET');

test.each(reading.filter(({ path }) => !isDocument(path)))(
  '$name answers with headers for private data',
  async (row) => {
    const caller = (row.by ?? (({ owner }) => owner))(fixture);
    const answer = await perform(row, fixture, { token: caller.access });
    expect(answer.status).toBe(row.status);
    expect(headersOf(answer)).toEqual(data);
  },
);

test.each(reading.filter(({ path }) => isDocument(path)))(
  '$name answers with headers for a public resource that must not be framed',
  async (row) => {
    const answer = await perform(row, fixture);
    const { 'cache-control': caching, 'content-security-policy': policy, ...others } = headersOf(answer);
    expect(others).toEqual({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(caching).toMatch(/^public/);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toContain("frame-ancestors 'none'");
    // Only pages need a wider policy, and none of them allows inline scripts.
    expect(isPage(row.path) || policy === closed).toBe(true);
    expect(policy).not.toMatch(/script-src[^;]*('unsafe|\*)/);
  },
);

describe.each(operations)('a refused $name', (row) => {
  const token = row.auth === 'none' ? undefined : 'not-a-token';
  test('has the same headers as a successful one', async () => {
    const address = addressOf(row, fixture);
    const refusals = [
      // A token is looked at first, then the body; a document has neither, and so a method that it does not take.
      isDocument(row.path)
        ? await call('POST', address)
        : await call(row.method, address, { token, ...(row.method === 'GET' ? {} : { raw: '{' }) }),
      await call('GET', `${row.path.replace(/\/$/, '')}/nothing/of/the/kind`),
    ];
    for (const refusal of refusals) {
      expect(refusal.status).toBeGreaterThanOrEqual(400);
      expect(refusal.status).toBeLessThan(500);
      expect(headersOf(refusal)).toEqual(data);
      expect(JSON.stringify(refusal.body)).not.toMatch(
        /node_modules|\.ts:|\\n +at |Exception|ZodError|SyntaxError/,
      );
    }
  });
});

test('no cache may store a token, a ticket or a room that was made for one caller', async () => {
  const { owner } = fixture;
  const { username, password } = owner;
  for (const answer of [
    await call('POST', '/users/auth/login/', { body: { username, password } }),
    await call('POST', '/chat/ws-ticket/', { token: owner.access }),
    await call('POST', `/chat/rooms/${fixture.room.room_id}/messages/`, {
      token: owner.access,
      body: { content: 'hi' },
    }),
  ]) {
    expect(answer.status).toBeLessThan(300);
    expect(headersOf(answer)).toEqual(data);
  }
});

test('no header names the software of the server', async () => {
  for (const path of ['/health/', '/users/auth/profile/', '/nothing/']) {
    const { headers } = await call('GET', path);
    for (const name of ['server', 'x-powered-by', 'x-aws-sdk']) expect(headers.get(name)).toBeNull();
  }
});
