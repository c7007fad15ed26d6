import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { EdgeBehavior } from '../../../local/edge-behavior.ts';
import { refusedHandshake } from './clients.ts';
import { startGateway } from './started-gateway.ts';

const script = 'let count = 0;\n'.repeat(200);
const directory = mkdtempSync(join(tmpdir(), 'bucket-origin-'));
mkdirSync(join(directory, 'assets'));
writeFileSync(join(directory, 'index.html'), '<!doctype html>');
writeFileSync(join(directory, 'assets/main-1.js'), script);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const page = {
  origin: 'bucket',
  files: {
    directory,
    cacheControl: [
      { prefix: 'assets/', value: 'public, max-age=31536000, immutable' },
      { prefix: '', value: 'no-cache' },
    ],
    contentTypes: { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' },
  },
  methods: ['GET', 'HEAD'],
  compresses: true,
  responseHeaders: [['content-security-policy', "default-src 'none'"]],
} satisfies Partial<EdgeBehavior>;

const edge: EdgeBehavior[] = [
  {
    ...page,
    pathPattern: '/',
    viewerRequest: `function handler(event) { event.request.uri = '/index.html'; return event.request; }`,
  },
  { ...page, pathPattern: '/assets/*' },
  { pathPattern: '*', origin: 'http', originPath: '' },
];

async function get(path: string, init: RequestInit = {}) {
  const { port, calls } = await startGateway({ edge });
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return { response, headers: response.headers, calls };
}

const withoutDecoding = { 'accept-encoding': 'identity' };

describe('a file of a bucket behind the edge', () => {
  it('is answered with its type, its time in caches and the headers of the policy', async () => {
    const { response, headers, calls } = await get('/assets/main-1.js', { headers: withoutDecoding });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(script);
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'");
    expect(headers.get('etag')).toMatch(/^"[\da-f]{32}"$/);
    expect(calls).toEqual([]);
  });

  it('is found by the path that the viewer-request function has set', async () => {
    const { response, headers } = await get('/?room=lobby');
    expect(await response.text()).toBe('<!doctype html>');
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it('is answered to HEAD without its content', async () => {
    const { response, headers } = await get('/assets/main-1.js', {
      method: 'HEAD',
      headers: withoutDecoding,
    });
    expect(response.status).toBe(200);
    expect(headers.get('content-length')).toBe(String(script.length));
    expect(await response.text()).toBe('');
  });

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip, br;q=0', 'gzip'],
    ['gzip', 'gzip'],
    ['deflate', null],
    ['identity', null],
  ])('is compressed for Accept-Encoding: %s as %s', async (accepted, encoding) => {
    const { response, headers } = await get('/assets/main-1.js', {
      headers: { 'accept-encoding': accepted },
    });
    expect(headers.get('content-encoding')).toBe(encoding);
    expect(headers.get('vary')).toBe('accept-encoding');
    expect(headers.get('etag')?.startsWith('W/')).toBe(encoding !== null);
    // fetch has decoded it.
    expect(await response.text()).toBe(script);
    expect(Number(headers.get('content-length')) < script.length / 4).toBe(encoding !== null);
  });

  it('is not compressed below a thousand bytes', async () => {
    const { headers } = await get('/', { headers: { 'accept-encoding': 'br' } });
    expect(headers.get('content-encoding')).toBeNull();
    expect(headers.get('vary')).toBeNull();
  });

  it('is answered with 304 to a request that knows its ETag, strong or weak', async () => {
    const first = await get('/assets/main-1.js');
    const etag = first.headers.get('etag')!;
    for (const known of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
      const { response, headers } = await get('/assets/main-1.js', { headers: { 'if-none-match': known } });
      expect(response.status).toBe(304);
      expect(headers.get('etag')).toBe(etag);
      expect(headers.get('cache-control')).toContain('immutable');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'");
      expect(await response.text()).toBe('');
    }
    const { response } = await get('/assets/main-1.js', { headers: { 'if-none-match': '"other"' } });
    expect(response.status).toBe(200);
  });
});

describe('a bucket behind the edge', () => {
  it.each(['/assets/none.js', '/assets/', '/assets/..%2F.%2F', '/assets/%zz', '/assets/a%00'])(
    'answers %s with 403, as S3 does to those who may not list it',
    async (path) => {
      const { response, headers } = await get(path);
      expect(response.status).toBe(403);
      expect(headers.get('content-type')).toBe('application/xml');
      expect(headers.get('cache-control')).toBeNull();
      expect(await response.text()).toContain('<Code>AccessDenied</Code>');
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('answers %s with 403, as CloudFront does', async (method) => {
    const { response } = await get('/', { method });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('not configured to allow the HTTP request method');
  });

  it('does not answer paths of the API, also those that do not exist', async () => {
    for (const path of ['/index.html', '/nothing', '/assets', '/chat/rooms/']) {
      const { calls } = await get(path);
      expect(calls.map(({ event }) => event.rawPath)).toEqual([path]);
    }
  });

  it('serves an upgrade of a file as a plain request', async () => {
    const { ws } = await startGateway({ edge });
    expect(await refusedHandshake(`${ws}/assets/main-1.js`)).toMatchObject({ status: 200, body: script });
  });

  it('serves the files of the next build', async () => {
    const { port } = await startGateway({ edge });
    const address = `http://127.0.0.1:${port}/assets/next.js`;
    writeFileSync(join(directory, 'assets/next.js'), 'first');
    const first = await fetch(address);
    expect(await first.text()).toBe('first');
    writeFileSync(join(directory, 'assets/next.js'), 'second');
    const second = await fetch(address, { headers: { 'if-none-match': first.headers.get('etag')! } });
    expect(await second.text()).toBe('second');
  });
});
