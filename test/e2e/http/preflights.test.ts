/** The CORS preflights that a browser sends before it lets a page of another origin call an operation. */
import { expect, test } from 'vitest';
import { call } from '../../kit/deployment.ts';
import { filledPath } from './paths.ts';
import { operations, otherSpelling } from './operation-cases.ts';

/** An origin that the deployment allows; any is allowed by default. */
const origin = process.env['CHAT_ORIGIN'] ?? 'https://app.example';

const preflight = (path: string, method: string, headers: string) =>
  call('OPTIONS', path, {
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': headers,
    },
  });

const listOf = (header: string | null): string[] =>
  (header ?? '').split(',').map((one) => one.trim().toLowerCase());

test.each(operations)('$name may be called from another origin', async ({ method, path }) => {
  for (const address of [filledPath(path), otherSpelling(filledPath(path))]) {
    const { status, headers, body } = await preflight(address, method, 'authorization,content-type');
    expect([status, body]).toEqual([204, undefined]);
    expect([origin, '*']).toContain(headers.get('access-control-allow-origin'));
    const methods = listOf(headers.get('access-control-allow-methods'));
    expect(methods.includes('*') || methods.includes(method.toLowerCase())).toBe(true);
    expect(listOf(headers.get('access-control-allow-headers'))).toEqual(
      expect.arrayContaining(['authorization', 'content-type']),
    );
  }
});

test.each(['/docs/', '/docs', '/swagger/', '/chat/websocket-docs/', '/health/promises/'])(
  'the path %s may be requested from another origin',
  async (path) => {
    const { status, headers } = await preflight(path, 'GET', 'x-requested-with');
    expect(status).toBe(204);
    expect([origin, '*']).toContain(headers.get('access-control-allow-origin'));
  },
);

test.each(['/nothing/', '/users/nothing/', '/chat/nothing/', '/chat/rooms/a/b/c/d/'])(
  'the unknown path %s may be requested from another origin, so that its 404 can be read',
  async (path) => {
    const { status, headers } = await preflight(path, 'POST', 'content-type');
    expect(status).toBe(204);
    expect([origin, '*']).toContain(headers.get('access-control-allow-origin'));
    const refusal = await call('POST', path, { body: {}, headers: { origin } });
    expect(refusal.status).toBe(404);
    expect([origin, '*']).toContain(refusal.headers.get('access-control-allow-origin'));
  },
);
