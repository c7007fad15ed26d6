/** CORS preflights of browsers, answered with the configuration of the production stage. */
import { describe, expect, test } from 'vitest';
import { call } from '../kit/deployment.ts';
import { newUser } from '../kit/users.ts';
import { useProductionRuntime } from './production-runtime.ts';

const origin = 'https://app.example';
useProductionRuntime({ ALLOWED_ORIGINS: origin });

const listOf = (header: string | null): string[] =>
  (header ?? '').split(',').map((one) => one.trim().toLowerCase());

describe.each(['/users/auth/login/', '/chat/rooms/create/', '/chat/rooms/mine/'])(
  'a preflight of %s',
  (path) => {
    test.each([
      'authorization',
      'content-type',
      'x-requested-with',
      'x-request-id',
      'x-amzn-trace-id',
      'traceparent',
      'tracestate',
      'baggage',
      'sentry-trace',
      'b3',
      'x-b3-sampled',
      'x-datadog-trace-id',
      'newrelic',
    ])('allows the header %s', async (header) => {
      const { status, headers } = await call('OPTIONS', path, {
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': header,
        },
      });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([204, origin]);
      expect(listOf(headers.get('access-control-allow-headers'))).toContain(header);
    });
  },
);

test('a request with these headers is allowed for the origin', async () => {
  const { access } = await newUser();
  const headers = { origin, 'x-requested-with': 'XMLHttpRequest', traceparent: '00-1-2-01' };
  const answer = await call('GET', '/chat/rooms/mine/', { token: access, headers });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
});

test.each([
  ['a preflight', 'OPTIONS', '/users/auth/login/', { 'access-control-request-method': 'POST' }],
  ['a preflight of an unknown path', 'OPTIONS', '/nothing/', { 'access-control-request-method': 'POST' }],
  ['a request', 'GET', '/chat/rooms/', {}],
  ['a refused request', 'GET', '/chat/rooms/mine/', {}],
  ['a request for an unknown path', 'GET', '/nothing/', {}],
])(
  '%s from an origin that is not allowed is answered without CORS headers',
  async (_, method, path, more) => {
    const { headers } = await call(method, path, { headers: { origin: 'https://other.example', ...more } });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  },
);
