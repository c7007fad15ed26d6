import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { edgeKey } from './fixture/app.ts';
import { useStorage } from './storage-runtime.ts';

const { put, runtime } = useStorage();

/** Requests a path at the edge, with the signature that the CloudFront function of the fixture checks. */
function get(path: string, init: RequestInit = {}): Promise<Response> {
  const signature = createHmac('sha256', edgeKey).update(path).digest('base64url');
  return fetch(`${runtime().url}${path}?s=${signature}`, init);
}

describe('an object behind the edge', () => {
  it('is answered with its own headers and those of the policy', async () => {
    const headers = { 'content-type': 'image/png', 'cross-origin-resource-policy': 'same-origin' };
    const { etag } = put('files/ä.png', 'image', { headers });
    const response = await get('/files/%C3%A4.png');
    expect([response.status, await response.text()]).toEqual([200, 'image']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      etag,
      'content-type': 'image/png',
      'content-length': '5',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'x-sources': "'self' http://127.0.0.1:*",
    });
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('is answered in part, not at all to a client that has it, and without its body to HEAD', async () => {
    const { etag } = put('files/parts', '0123456789');
    const part = await get('/files/parts', { headers: { range: 'bytes=2-4' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    expect((await get('/files/parts', { headers: { 'if-none-match': etag } })).status).toBe(304);
    const head = await get('/files/parts', { method: 'HEAD' });
    expect([head.headers.get('content-length'), await head.text()]).toEqual(['10', '']);
  });

  it('is refused without the signature that the function of the behavior demands', async () => {
    put('files/signed', 'x');
    expect((await fetch(`${runtime().url}/files/signed`)).status).toBe(403);
    expect((await fetch(`${runtime().url}/files/signed?s=other`)).status).toBe(403);
  });

  it.each(['/files/none', '/files/', '/files/%E0%A4%A'])(
    'is refused like one that must not be read: %s',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await response.text()).not.toContain('NoSuchKey');
    },
  );

  it('is never changed through the edge', async () => {
    const { etag } = put('files/fixed', 'x');
    expect((await get('/files/fixed', { method: 'PUT', body: 'y' })).status).toBe(403);
    expect((await get('/files/fixed')).headers.get('etag')).toBe(etag);
  });
});
