import { afterEach, describe, expect, it, vi } from 'vitest';
import { useStorage, type Json } from './storage-runtime.ts';

const { call, put, request, runtime, stored, Bucket } = useStorage({ faults: true });

async function control(method: string, path = '', body?: unknown): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${runtime().url}/_local/faults${path}`, {
    method,
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

async function rule(changes: object): Promise<void> {
  const { status, body } = await control('POST', '', { point: 'storage', ...changes });
  if (status !== 200) throw new Error(JSON.stringify(body));
}

afterEach(() => control('DELETE'));

/** Posts a form that the function has signed for a key. */
async function upload(Key: string): Promise<number> {
  const { output } = await call('form', { Key });
  const data = new FormData();
  for (const [name, value] of Object.entries<string>(output.fields)) data.append(name, value);
  data.append('file', new Blob(['body']), 'a');
  return (await fetch(output.url, { method: 'POST', body: data })).status;
}

describe('a fault at the point storage', () => {
  it.each([
    [503, 'SlowDown'],
    [500, 'InternalError'],
  ])(
    'answers %i with %s, for the function, the operation and the key of the rule only',
    async (status, type) => {
      const match = { function: 'files', operation: 'PutObject', key: 'files/one' };
      await rule({ action: 'fail', status, match });
      expect(await call('PutObject', { Key: 'files/one', Body: 'x' })).toMatchObject({ status, type });
      expect(await call('PutObject', { Key: 'files/one2', Body: 'x' })).toHaveProperty('output');
      expect(await call('DeleteObject', { Key: 'files/one' })).toHaveProperty('output');
      expect(stored('files/one')).toBeUndefined();
    },
  );

  it('loses the answer of a put that is done', async () => {
    await rule({
      action: 'drop',
      count: 1,
      match: { operation: 'PutObject', phase: 'after', contains: 'lost' },
    });
    expect(await call('PutObject', { Key: 'files/lost', Body: 'x' })).toMatchObject({
      type: expect.any(String),
    });
    expect(stored('files/lost')?.body.toString()).toBe('x');
  });

  it('kills the environment of the function before a delete', async () => {
    put('files/alive', 'x');
    await rule({ action: 'kill', count: 1, match: { operation: 'DeleteObject' } });
    expect(await call('DeleteObject', { Key: 'files/alive' })).toMatchObject({
      message: 'Internal Server Error',
    });
    expect(stored('files/alive')).toBeDefined();
  });

  it('delays a request', async () => {
    put('files/slow', 'x');
    await rule({ action: 'delay', delayMs: 300, count: 1, match: { operation: 'GetObject' } });
    const startedAtMs = performance.now();
    expect(await call('GetObject', { Key: 'files/slow' })).toMatchObject({ output: { text: 'x' } });
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(300);
  });

  it('never answers a request that hangs', async () => {
    await rule({ action: 'hang', count: 1 });
    await expect(request('/files/x', { signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
  });

  it('fails the upload of a browser, or loses its answer', async () => {
    await rule({ action: 'fail', status: 503, count: 1, match: { operation: 'PostObject' } });
    expect(await upload('incoming/refused')).toBe(503);
    expect(stored('incoming/refused')).toBeUndefined();
    await rule({ action: 'drop', count: 1, match: { operation: 'PostObject', phase: 'after' } });
    await expect(upload('incoming/answer-lost')).rejects.toThrow('fetch failed');
    expect(stored('incoming/answer-lost')).toBeDefined();
  });

  it('is refused with an operation of another point', async () => {
    expect(
      await control('POST', '', { point: 'storage', action: 'fail', match: { operation: 'PutItem' } }),
    ).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'match.operation', message: expect.stringContaining('PutObjectTagging') }] },
    });
  });
});

/** The events that the function of the rule has received for a key, in order. */
function seen(key: string): Json[] {
  const { buckets } = runtime();
  return buckets
    .list(Bucket, `seen/${key}/`)
    .toSorted((one, other) => one.modifiedAtMs - other.modifiedAtMs)
    .map((object) => JSON.parse(buckets.get(Bucket, object.key)!.body.toString()));
}

describe('a rule for new objects', () => {
  it('invokes its function with the event of S3 for an object that its pattern matches', async () => {
    expect(await upload('incoming/ä b')).toBe(204);
    put('files/other', 'x');
    await vi.waitFor(() => expect(seen('incoming/ä b')).toHaveLength(1), { timeout: 5_000 });
    const { etag } = stored('incoming/ä b')!;
    expect(seen('incoming/ä b')).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[\da-f-]{36}$/),
        'detail-type': 'Object Created',
        source: 'aws.s3',
        account: '000000000000',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: 'us-east-1',
        resources: ['arn:aws:s3:::files'],
        detail: {
          version: '0',
          bucket: { name: 'files' },
          object: {
            key: 'incoming/ä b',
            size: 4,
            etag: etag.slice(1, -1),
            sequencer: expect.stringMatching(/^[\dA-F]{18}$/),
          },
          'request-id': expect.stringMatching(/^[\dA-F]{16}$/),
          requester: '000000000000',
          'source-ip-address': '127.0.0.1',
          reason: 'POST Object',
        },
      },
    ]);
    expect(runtime().buckets.list(Bucket, 'seen/files')).toEqual([]);
  });

  it('delivers an event twice, later or never, as the faults say', async () => {
    const event = (action: string, key: string, more = {}) =>
      rule({ point: 'events', action, match: { function: 'listener', contains: key }, ...more });
    await event('duplicate', 'incoming/twice');
    await event('drop', 'incoming/never');
    await event('delay', 'incoming/late', { delayMs: 300 });
    put('incoming/never', 'x');
    put('incoming/late', 'x');
    put('incoming/twice', 'x');
    await vi.waitFor(() => expect(seen('incoming/twice')).toHaveLength(2), { timeout: 5_000 });
    await vi.waitFor(() => expect(seen('incoming/late')).toHaveLength(1), { timeout: 5_000 });
    expect(seen('incoming/never')).toEqual([]);
    const [late] = runtime().buckets.list(Bucket, 'seen/incoming/late');
    expect(late!.modifiedAtMs - stored('incoming/late')!.modifiedAtMs).toBeGreaterThanOrEqual(300);
  });

  it('delivers an event after the next one when the faults reorder them', async () => {
    await rule({ point: 'events', action: 'reorder', count: 1, delayMs: 10_000 });
    put('incoming/first', 'x');
    put('incoming/second', 'x');
    await vi.waitFor(() => expect(seen('incoming/first')).toHaveLength(1), { timeout: 5_000 });
    expect(seen('incoming/second')).toHaveLength(1);
  });
});

describe('the control of days', () => {
  it('makes objects older, and deletes those that their lifecycle ends', async () => {
    put('incoming/old', 'x');
    expect(await control('POST', '/days', { days: 1 })).toMatchObject({ status: 200 });
    expect(stored('incoming/old')).toBeDefined();
    const { body } = await control('POST', '/days', { days: 1 });
    expect(body.deleted).toBeGreaterThanOrEqual(1);
    expect(stored('incoming/old')).toBeUndefined();
  });

  it.each([{}, { days: 0 }, { days: 0.5 }, { day: 1 }])('is refused with %j', async (input) => {
    expect(await control('POST', '/days', input)).toMatchObject({ status: 400 });
  });
});
