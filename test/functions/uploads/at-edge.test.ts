/** Files as the edge of a running runtime serves them, with the headers that keep browsers from running them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentHeaders } from '../../../shared/domain/files/content-headers.ts';
import { picturePath, signFileAddress, type FileAddress } from '../../../shared/lambda/file-addresses.ts';
import { filesOf } from '../../kit/files.ts';
import { startTestRuntime, type TestRuntime } from '../../kit/runtime.ts';

let started: TestRuntime;
let files: ReturnType<typeof filesOf>;
let key: string;
const [roomId, folder] = [crypto.randomUUID(), 'AAECAwQFBgcICQoLDA0ODw'];

beforeAll(async () => {
  started = await startTestRuntime();
  files = filesOf(started.runtime);
  key = await files.key();
  put(`files/${roomId}/${folder}/original`, 'text/plain', 'a note.txt', '0123456789');
  put(`files/${roomId}/${folder}/96`, 'image/webp', '96.webp', 'thumbnail');
  put(`pictures/${roomId}/${folder}/320`, 'image/webp', '320.webp', 'picture');
});
afterAll(async () => {
  files?.close();
  await started?.stop();
});

function put(objectKey: string, type: string, name: string, body: string): void {
  const { contentType, contentDisposition, cacheControl } = contentHeaders(type, name);
  started.runtime.buckets.put(files.bucket, objectKey, body, {
    headers: {
      'content-type': contentType,
      'content-disposition': contentDisposition,
      'cache-control': cacheControl,
    },
  });
}

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(started.runtime.url + path, { headers, redirect: 'manual' });
const signed = (
  name: FileAddress['name'] = 'original',
  changes: Partial<FileAddress> = {},
  nowMs = Date.now(),
) => signFileAddress(key, { roomId, folder, name, ...changes }, nowMs);

describe('a file at the edge', () => {
  it('is answered with its own type and name, and with headers under which a browser runs nothing', async () => {
    const response = await get(signed());
    expect(await response.text()).toBe('0123456789');
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/plain',
      'content-disposition': `attachment; filename="a_note.txt"; filename*=UTF-8''a%20note.txt`,
      'cache-control': 'private, max-age=3600, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
      'referrer-policy': 'no-referrer',
    });
    expect(response.headers.has('set-cookie')).toBe(false);
  });

  it('is answered in parts, for players of sound and video', async () => {
    const response = await get(signed(), { range: 'bytes=2-4' });
    expect([response.status, await response.text()]).toEqual([206, '234']);
  });

  it('has its thumbnails under the same signature', async () => {
    expect(await (await get(signed().replace('/original', '/96'))).text()).toBe('thumbnail');
  });

  it.each([
    ['without a signature', () => `/files/${roomId}/${folder}/original`],
    [
      'with the signature of another room',
      () =>
        signed('original', { roomId: crypto.randomUUID() }).replace(/^\/files\/[^/]+/, `/files/${roomId}`),
    ],
    ['with an address that has ended', () => signed('original', {}, Date.now() - 91 * 60_000)],
    ['with a step up', () => `/files/..%2f${roomId}`],
    ['with the folder of what was posted', () => `/files/incoming/x`],
    ['with the original of a picture', () => `/files/pictures/${roomId}/${folder}/original`],
  ])('is refused %s', async (_, path) => {
    const response = await get(path());
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain('0123456789');
  });

  it('cannot be had once it is removed, since nothing is cached', async () => {
    const gone = 'BBECAwQFBgcICQoLDA0ODw';
    put(`files/${roomId}/${gone}/original`, 'text/plain', 'gone.txt', 'gone');
    const path = signed('original', { folder: gone });
    expect((await get(path)).status).toBe(200);
    started.runtime.buckets.delete(files.bucket, `files/${roomId}/${gone}/original`);
    expect((await get(path)).status).toBe(403);
  });

  it('cannot be changed by the methods of the API', async () => {
    const response = await fetch(started.runtime.url + signed(), { method: 'DELETE' });
    // CloudFront allows the behavior two methods alone.
    expect(response.status).toBe(403);
    expect((await get(signed())).status).toBe(200);
  });
});

describe('a profile picture at the edge', () => {
  it('has an address that stays', async () => {
    const path = picturePath({ userId: roomId, folder, name: '320' });
    expect(await (await get(path)).text()).toBe('picture');
    expect(await (await get(`${path}?v=2`)).text()).toBe('picture');
  });
});
