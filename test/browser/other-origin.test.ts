/**
 * A page of another origin than the API, in a real browser: it can perform every operation of the contract and read every
 * answer, refusals included. A page of an origin that is not allowed can read nothing.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatUrl, useDeployment } from '../kit/deployment.ts';
import { startTestRuntime, type TestRuntime } from '../kit/runtime.ts';
import { newFixture, newFixtureUsers, type Fixture, type FixtureUsers } from '../e2e/http/fixture.ts';
import { addressOf, operations } from '../e2e/http/operation-cases.ts';
import { chromium, servePage, useBrowser } from './use-browser.ts';

interface PageRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

/** What a script of the page can see of an answer: nothing but `blocked` if the browser withholds it. */
type Seen =
  | { status: number; body: string; link: string | null; retryAfter: string | null; hidden: string | null }
  | { blocked: string };

/** Runs in the page. */
async function fetchInPage({ url, method, headers, body }: PageRequest): Promise<Seen> {
  try {
    const response = await fetch(url, { method, headers, body: body ?? null });
    return {
      status: response.status,
      body: await response.text(),
      link: response.headers.get('link'),
      retryAfter: response.headers.get('retry-after'),
      hidden: response.headers.get('x-content-type-options'),
    };
  } catch (error) {
    return { blocked: String(error) };
  }
}

const httpPayloadBytes = 300_000;
const browser = useBrowser();
/** The browser's own lines about refused requests, which these tests are about. */
const expectedErrors = [/^Failed to load resource/, /blocked by CORS policy/];
let allowed: Awaited<ReturnType<typeof servePage>>;
let other: Awaited<ReturnType<typeof servePage>>;
let started: TestRuntime;
let page: Page;
let otherPage: Page;
let people: FixtureUsers;
let fixture: Fixture;

beforeAll(async () => {
  if (chromium === undefined) return;
  [allowed, other] = await Promise.all([servePage(), servePage()]);
  started = await startTestRuntime({
    faults: true,
    settings: { ALLOWED_ORIGINS: allowed.origin, LOOKUPS_PER_USER_PER_MINUTE: '3' },
    limits: { httpPayloadBytes },
  });
  useDeployment(started.runtime.url);
  [page, otherPage] = await Promise.all([
    browser.open(allowed.origin, { expectedErrors }),
    browser.open(other.origin, { expectedErrors }),
  ]);
  people = await newFixtureUsers();
  fixture = await newFixture(people);
});

afterAll(async () => {
  useDeployment(undefined);
  await started?.stop();
  allowed?.server.close();
  other?.server.close();
});

interface SentFromPage {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

const send = (
  from: Page,
  method: string,
  path: string,
  { token, body, headers = {} }: SentFromPage = {},
): Promise<Seen> =>
  from.evaluate(fetchInPage, {
    url: chatUrl() + path,
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

describe.skipIf(chromium === undefined)('a page of an allowed origin', () => {
  test.each(operations)('can perform $name and read its answer', async (row) => {
    const own =
      row.method === 'GET' ? fixture : await newFixture(row.endsSession ? await newFixtureUsers() : people);
    const caller = (row.by ?? (({ owner }) => owner))(own);
    const answer = await send(page, row.method, addressOf(row, own), {
      token: row.auth === 'none' ? undefined : caller.access,
      body: await row.body?.(own),
    });
    expect(answer).toMatchObject({ status: row.status, hidden: null });
  });

  test.each(operations.filter(({ auth }) => auth === 'required'))(
    'can read the refusal of $name for a token that is not valid',
    async (row) => {
      const answer = await send(page, row.method, addressOf(row, fixture), { token: 'no-token' });
      expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('"unauthorized"') });
    },
  );

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'can read that %s found no path, and that a path does not support it',
    async (method) => {
      const body = method === 'GET' ? undefined : {};
      for (const path of ['/nothing/', '/users/nothing/', '/chat/nothing/'])
        expect(await send(page, method, path, { token: 'x', body })).toMatchObject({ status: 404 });
      const path = method === 'POST' ? '/health/' : '/users/auth/login/';
      const supported = method === 'POST' ? 'GET' : 'POST';
      const answer = await send(page, method, path, { body });
      expect(answer).toMatchObject({ status: 405 });
      expect(await send(page, supported, path, supported === 'POST' ? { body: {} } : {})).not.toMatchObject({
        status: 405,
      });
    },
  );

  test('can read that a body is too large for the function, and for the gateway', async () => {
    const { access: token } = people.owner;
    for (const [size, wording] of [
      [100_000, 'payload_too_large'],
      [httpPayloadBytes + 1, 'Request Entity Too Large'],
    ] as const) {
      const answer = await send(page, 'POST', '/chat/rooms/create/', { token, body: 'x'.repeat(size) });
      expect(answer).toMatchObject({ status: 413, body: expect.stringContaining(wording) });
    }
  });

  test('can read that it sent too many requests, and when to try again', async () => {
    const { access: token } = people.member;
    let answer: Seen | undefined;
    for (let count = 0; count < 10; count += 1) {
      answer = await send(page, 'GET', '/users/?username=own', { token });
      if (!('status' in answer) || answer.status !== 200) break;
    }
    expect(answer).toMatchObject({ status: 429, retryAfter: expect.stringMatching(/^\d+$/) });
  });

  test('can read that the path is malformed, and that a function failed', async () => {
    // Without a token, so without a preflight: the gateway refuses that with 400 too, and the browser then sends nothing.
    expect(await send(page, 'GET', '/users/%zz')).toMatchObject({ status: 400 });
    // Only the request itself fails, not its preflight.
    const contains = `"method":"POST","path":"/chat/dm/${people.stranger.id}`;
    const rule = { point: 'invoke', action: 'fail', match: { function: 'chat', contains } };
    const made = await fetch(`${chatUrl()}/_local/faults`, { method: 'POST', body: JSON.stringify([rule]) });
    expect(made.ok).toBe(true);
    const answer = await send(page, 'POST', `/chat/dm/${people.stranger.id}`, { token: people.owner.access });
    await fetch(`${chatUrl()}/_local/faults`, { method: 'DELETE' });
    expect(answer).toMatchObject({ status: 500 });
  });

  test('can read the link to the next page', async () => {
    await newFixture(people);
    const { access: token } = people.owner;
    const answer = await send(page, 'GET', `/chat/rooms/mine/?limit=1`, { token });
    expect(answer).toMatchObject({ status: 200, link: expect.stringContaining('rel="next"') });
  });

  test.each([
    ['X-Requested-With', 'XMLHttpRequest'],
    ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['tracestate', 'vendor=1'],
    ['baggage', 'key=value'],
    ['X-Amzn-Trace-Id', 'Root=1-5759e988-bd862e3fe1be46a994272793'],
    ['sentry-trace', '771a43a4192642f0b136d5159a501700-7d3b8f5f0d9c4a11-1'],
  ])('may send the header %s', async (name, value) => {
    expect(await send(page, 'GET', '/chat/rooms/', { headers: { [name]: value } })).toMatchObject({
      status: 200,
    });
  });

  test('may not send a header that is not in the list', async () => {
    expect(await send(page, 'GET', '/chat/rooms/', { headers: { 'x-unlisted': '1' } })).toHaveProperty(
      'blocked',
    );
  });
});

describe.skipIf(chromium === undefined)('a page of an origin that is not allowed', () => {
  test.each(operations)('cannot read the answer of $name', async (row) => {
    const answer = await send(otherPage, row.method, addressOf(row, fixture), { token: 'no-token' });
    expect(answer).toHaveProperty('blocked');
  });
});
