import { createHmac, createHash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { useStorage } from './storage-runtime.ts';

const { call, put, request, runtime, stored, Bucket } = useStorage();

interface Address {
  path: string;
  method?: string;
  expires?: number;
  /** When it is signed, in milliseconds since the epoch. */
  atMs?: number;
  more?: Record<string, string>;
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Signs an address as the fixture's function, as AWS documents it, and returns the part below the bucket. */
async function presign({
  path,
  method = 'GET',
  expires = 60,
  atMs = Date.now(),
  more = {},
}: Address): Promise<string> {
  const { output } = await call('credentials');
  const stamp = new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [stamp.slice(0, 8), 'us-east-1', 's3', 'aws4_request'];
  const query = Object.entries({
    ...more,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': [output.accessKeyId, ...scope].join('/'),
    'X-Amz-Date': stamp,
    'X-Amz-Expires': String(expires),
    'X-Amz-Security-Token': output.sessionToken,
    'X-Amz-SignedHeaders': 'host',
  })
    .map(([name, value]) => `${encode(name)}=${encode(String(value))}`)
    .toSorted()
    .join('&');
  const { host } = new URL(runtime().url);
  const canonical = [
    method,
    `/_aws/s3/${Bucket}${path}`,
    query,
    `host:${host}\n`,
    'host',
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  const key = scope.reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${output.secretAccessKey}`,
  );
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope.join('/'), digest].join('\n');
  return `${path}?${query}&X-Amz-Signature=${createHmac('sha256', key).update(toSign).digest('hex')}`;
}

async function fetched(
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; code: string | undefined; text: string; headers: Headers }> {
  const response = await request(path, init);
  const text = await response.text();
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1];
  return { status: response.status, code, text, headers: response.headers };
}

describe('an address that a function has signed', () => {
  it('reads an object until it expires, with the headers that it names', async () => {
    put('files/ä (1).txt', 'text');
    const path = '/files/%C3%A4%20%281%29.txt';
    const more = { 'response-content-disposition': 'attachment; filename="a b+c"' };
    const answer = await fetched(await presign({ path, more }));
    expect(answer).toMatchObject({ status: 200, text: 'text' });
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="a b+c"');
    const expired = await presign({ path, expires: 10, atMs: Date.now() - 11_000 });
    expect(await fetched(expired)).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      text: expect.stringContaining('Request has expired'),
    });
  });

  it.each([
    ['another object', (address: string) => address.replace('/files/signed', '/files/secret')],
    ['a longer time', (address: string) => address.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')],
    ['a header that it does not name', (address: string) => `${address}&response-content-type=text/html`],
  ])('is refused when it was changed to %s', async (_what, change) => {
    for (const key of ['files/signed', 'files/secret']) put(key, 'x');
    const address = await presign({ path: '/files/signed' });
    expect(await fetched(change(address))).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    expect((await fetched(address)).status).toBe(200);
  });

  it('serves only the method that was signed', async () => {
    put('files/signed', 'x');
    const address = await presign({ path: '/files/signed' });
    expect((await fetched(address, { method: 'DELETE' })).code).toBe('SignatureDoesNotMatch');
    expect(stored('files/signed')).toBeDefined();
  });

  it('may be valid for a week at most', async () => {
    const address = await presign({ path: '/files/signed', expires: 604_801 });
    expect((await fetched(address)).code).toBe('AuthorizationQueryParametersError');
  });

  it('is judged by the role of the function', async () => {
    put('other/object', 'x');
    expect(await fetched(await presign({ path: '/other/object' }))).toMatchObject({
      status: 403,
      text: expect.stringContaining('s3:GetObject'),
    });
  });

  it('does not tell whether an object exists to a role that may not list the bucket', async () => {
    expect((await fetched(await presign({ path: '/incoming/none' }))).code).toBe('AccessDenied');
  });
});

describe('a request to a bucket', () => {
  it.each(['GET', 'PUT', 'DELETE'])('is refused without a signature: %s', async (method) => {
    put('files/private', 'x');
    const body = method === 'PUT' ? 'new' : null;
    expect(await fetched('/files/private', { method, body })).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    });
    expect(stored('files/private')?.body.toString()).toBe('x');
  });

  it.each([
    ['an unknown key', { accessKeyId: 'other', secretAccessKey: 'local' }, 'InvalidAccessKeyId'],
    ['another secret', { accessKeyId: 'local', secretAccessKey: 'other' }, 'SignatureDoesNotMatch'],
  ])('is refused with the signature of %s', async (_what, credentials, name) => {
    const endpoint = `${runtime().url}/_aws/s3`;
    const client = new S3Client({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
    await expect(client.send(new GetObjectCommand({ Bucket, Key: 'files/x' }))).rejects.toMatchObject({
      name,
    });
    client.destroy();
  });

  it('is refused when its clock is a quarter of an hour off', async () => {
    const client = new S3Client({
      region: 'us-east-1',
      endpoint: `${runtime().url}/_aws/s3`,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
      systemClockOffset: 16 * 60_000,
    });
    await expect(client.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({
      name: 'RequestTimeTooSkewed',
    });
    client.destroy();
  });
});
