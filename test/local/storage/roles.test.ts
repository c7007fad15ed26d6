import { describe, expect, it } from 'vitest';
import { useStorage } from './storage-runtime.ts';

const { call, put, runtime, stored, Bucket } = useStorage();

const refused = (action: string, resource: string) => ({
  type: 'AccessDenied',
  status: 403,
  message: expect.stringMatching(
    new RegExp(
      `^User: arn:aws:sts::000000000000:assumed-role/files\\w+/files\\w+ is not authorized to perform: ${action} on resource: "arn:aws:s3:::${Bucket}${resource}" because no identity-based policy allows the ${action} action$`,
    ),
  ),
});

describe('a function with a role', () => {
  it('stores, reads, lists and deletes what its role allows', async () => {
    const Key = 'files/own <&> ä';
    expect(await call('PutObject', { Key, Body: 'text', Tagging: 'unsent=1' })).toMatchObject({
      output: { ETag: expect.any(String) },
    });
    expect(await call('GetObject', { Key })).toMatchObject({ output: { text: 'text', TagCount: 1 } });
    expect(await call('ListObjectsV2', { Prefix: 'files/own' })).toMatchObject({
      output: { Contents: [{ Key }] },
    });
    expect(await call('DeleteObjectTagging', { Key })).toMatchObject({ output: {} });
    expect(stored(Key)?.tags).toEqual({});
    expect(await call('DeleteObjects', { Delete: { Objects: [{ Key }] } })).toMatchObject({
      output: { Deleted: [{ Key }] },
    });
    expect(stored(Key)).toBeUndefined();
  });

  it.each<[string, object, string, string]>([
    ['PutObject', { Key: 'other/x', Body: 'x' }, 's3:PutObject', '/other/x'],
    ['PutObject', { Key: 'incoming/x', Body: 'x', Tagging: 'a=1' }, 's3:PutObjectTagging', '/incoming/x'],
    ['GetObject', { Key: 'other/x' }, 's3:GetObject', '/other/x'],
    ['DeleteObject', { Key: 'other/x' }, 's3:DeleteObject', '/other/x'],
    ['DeleteObjectTagging', { Key: 'incoming/x' }, 's3:DeleteObjectTagging', '/incoming/x'],
    ['GetObjectTagging', { Key: 'files/x' }, 's3:GetObjectTagging', '/files/x'],
    ['ListObjectsV2', { Prefix: 'incoming/' }, 's3:ListBucket', ''],
    ['ListObjectsV2', {}, 's3:ListBucket', ''],
  ])('is refused %s %j', async (name, input, action, resource) => {
    expect(await call(name, input)).toEqual(refused(action, resource));
  });

  it('is refused a deletion of several objects for one that it may not delete', async () => {
    const keys = ['files/kept', 'other/kept & <more>'];
    for (const key of keys) put(key, 'x');
    const Objects = keys.map((Key) => ({ Key }));
    expect(await call('DeleteObjects', { Delete: { Objects } })).toEqual(
      refused('s3:DeleteObject', '/other/kept & <more>'),
    );
    expect(keys.map((key) => stored(key)?.sizeBytes)).toEqual([1, 1]);
  });

  it('learns that an object is missing only where it may list the bucket without a condition', async () => {
    expect(await call('GetObject', { Key: 'incoming/none' })).toMatchObject({
      type: 'AccessDenied',
      status: 403,
    });
    expect(await call('HeadObject', { Key: 'incoming/none' })).toMatchObject({ status: 403 });
  });

  it('finds the address of the bucket in the variables that the template fills with it', async () => {
    const { output } = await call('credentials');
    expect(output.bucketUrl).toBe(`${runtime().url}/_aws/s3/${Bucket}`);
  });

  it('stores a large object without a pause', async () => {
    const startedAtMs = performance.now();
    expect(await call('PutObject', { Key: 'files/large', bytes: 9 * 1_024 * 1_024 })).toMatchObject({
      output: { ETag: expect.any(String) },
    });
    expect(performance.now() - startedAtMs).toBeLessThan(3_000);
    expect(stored('files/large')?.sizeBytes).toBe(9 * 1_024 * 1_024);
  });
});
