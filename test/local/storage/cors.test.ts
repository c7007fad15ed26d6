import { describe, expect, it } from 'vitest';
import { useStorage } from './storage-runtime.ts';

const { request } = useStorage();

const preflight = (headers: Record<string, string>) => request('', { method: 'OPTIONS', headers });
const cors = (response: Response) =>
  Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('access-control-')));

describe('a preflight of a bucket', () => {
  it.each(['https://chat.example', 'https://eu.chat.example'])(
    'allows %s what the rule allows',
    async (origin) => {
      const response = await preflight({
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'X-Amz-Date, x-amz-meta-a',
      });
      expect(response.status).toBe(200);
      expect(cors(response)).toEqual({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'x-amz-date, x-amz-meta-a',
        'access-control-expose-headers': 'etag',
        'access-control-max-age': '600',
      });
      expect(response.headers.get('vary')).toContain('Origin');
    },
  );

  it.each([
    ['another origin', { origin: 'https://other.example', 'access-control-request-method': 'POST' }],
    [
      'an origin that only ends like an allowed one',
      { origin: 'https://evilchat.example', 'access-control-request-method': 'POST' },
    ],
    ['another method', { origin: 'https://chat.example', 'access-control-request-method': 'PUT' }],
    [
      'another header',
      {
        origin: 'https://chat.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    ],
    ['no origin', { 'access-control-request-method': 'POST' }],
  ])('is refused for %s', async (_what, headers) => {
    const response = await preflight(headers);
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining('AccessForbidden'),
    ]);
    expect(cors(response)).toEqual({});
  });
});

describe('an answer of a bucket', () => {
  it('lets an allowed origin read it, also when it is an error', async () => {
    const init = { method: 'POST', headers: { origin: 'https://chat.example' }, body: 'x' };
    const response = await request('', init);
    expect(response.status).toBe(400);
    expect(cors(response)).toMatchObject({
      'access-control-allow-origin': 'https://chat.example',
      'access-control-expose-headers': 'etag',
    });
  });

  it('has no headers for another origin', async () => {
    const response = await request('', {
      method: 'POST',
      headers: { origin: 'https://other.example' },
      body: 'x',
    });
    expect(cors(response)).toEqual({});
  });
});
