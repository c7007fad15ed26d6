import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { useStorage } from './storage-runtime.ts';

const { client, request, stored, put, Bucket } = useStorage();

describe('an object', () => {
  it('is answered with the headers with which it was stored, whatever its bytes are', async () => {
    const Body = Buffer.from([0, 255, 13, 10, 128]);
    const Key = 'files/ä ö+&=/..//%2F.png';
    const { ETag } = await client().send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body,
        ContentType: 'image/png',
        ContentDisposition: `attachment; filename*=UTF-8''%C3%A4`,
        CacheControl: 'private',
        Metadata: { author: 'ann' },
        Tagging: 'unsent=1&a%20b=c%2Bd',
      }),
    );
    const { Body: body, ...object } = await client().send(new GetObjectCommand({ Bucket, Key }));
    expect(Buffer.from(await body!.transformToByteArray())).toEqual(Body);
    expect(object).toMatchObject({
      ETag,
      ContentType: 'image/png',
      ContentDisposition: `attachment; filename*=UTF-8''%C3%A4`,
      CacheControl: 'private',
      ContentLength: 5,
      Metadata: { author: 'ann' },
      TagCount: 2,
      AcceptRanges: 'bytes',
    });
    expect(await client().send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ETag,
      ContentLength: 5,
      ContentType: 'image/png',
    });
    expect(stored(Key)?.tags).toEqual({ unsent: '1', 'a b': 'c+d' });
  });

  it('has the type binary/octet-stream when it was stored without one', async () => {
    put('files/plain', 'text');
    const { ContentType } = await client().send(new HeadObjectCommand({ Bucket, Key: 'files/plain' }));
    expect(ContentType).toBe('binary/octet-stream');
  });

  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
  ])('is answered in part for the range %s', async (Range, text, ContentRange) => {
    put('files/digits', '0123456789');
    const answer = await client().send(new GetObjectCommand({ Bucket, Key: 'files/digits', Range }));
    expect(answer).toMatchObject({ $metadata: { httpStatusCode: 206 }, ContentRange });
    expect(await answer.Body!.transformToString()).toBe(text);
  });

  it.each(['bytes=10-', 'bytes=-0'])(
    'is refused for the range %s, of which it has no byte',
    async (Range) => {
      put('files/digits', '0123456789');
      await expect(
        client().send(new GetObjectCommand({ Bucket, Key: 'files/digits', Range })),
      ).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
    },
  );

  it.each(['bytes=0-1,3-4', 'bytes=5-2', 'lines=1-2'])(
    'is answered whole for the range %s',
    async (Range) => {
      put('files/digits', '0123456789');
      const answer = await client().send(new GetObjectCommand({ Bucket, Key: 'files/digits', Range }));
      expect(answer).toMatchObject({ $metadata: { httpStatusCode: 200 }, ContentLength: 10 });
      answer.Body?.transformToString().catch(() => undefined);
    },
  );

  it('is answered with 304 when the client has it, and with 412 when another than the wanted is stored', async () => {
    const { etag } = put('files/known', 'known');
    const get = (condition: object) =>
      client().send(new GetObjectCommand({ Bucket, Key: 'files/known', ...condition }));
    await expect(get({ IfNoneMatch: etag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await (await get({ IfNoneMatch: '"other"' })).Body!.transformToString()).toBe('known');
  });

  it('is not replaced by a put on the condition that there is none', async () => {
    put('files/first', 'first');
    const again = { Bucket, Key: 'files/first', Body: 'second', IfNoneMatch: '*' };
    await expect(client().send(new PutObjectCommand(again))).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(stored('files/first')?.body.toString()).toBe('first');
  });

  it('keeps its body and its time when its tags change', async () => {
    const Key = 'files/tagged';
    const { modifiedAtMs, etag } = put(Key, 'body');
    const TagSet = [{ Key: 'unsent', Value: '1 & <2>' }];
    await client().send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
    expect(await client().send(new GetObjectTaggingCommand({ Bucket, Key }))).toMatchObject({ TagSet });
    await client().send(new DeleteObjectTaggingCommand({ Bucket, Key }));
    expect(stored(Key)).toMatchObject({ tags: {}, modifiedAtMs, etag });
  });

  it('has no tags to change when it does not exist', async () => {
    const command = new DeleteObjectTaggingCommand({ Bucket, Key: 'files/none' });
    await expect(client().send(command)).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('is deleted, and so is one that does not exist', async () => {
    put('files/gone', 'x');
    const command = new DeleteObjectCommand({ Bucket, Key: 'files/gone' });
    const deleted = { $metadata: { httpStatusCode: 204 } };
    expect(await client().send(command)).toMatchObject(deleted);
    expect(await client().send(command)).toMatchObject(deleted);
    await expect(client().send(new GetObjectCommand({ Bucket, Key: 'files/gone' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
  });

  it('is deleted with others in one request', async () => {
    const keys = ['files/many/1', 'files/many/<2> & 3'];
    for (const key of keys) put(key, 'x');
    const Objects = [...keys, 'files/many/none'].map((Key) => ({ Key }));
    const { Deleted } = await client().send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual([...keys, 'files/many/none']);
    expect(keys.map(stored)).toEqual([undefined, undefined]);
  });
});

describe('the list of objects', () => {
  it('has the keys with a prefix in the order of their bytes, in pages', async () => {
    // U+FF5E precedes U+1F600 as bytes, and follows it as UTF-16.
    const keys = ['list/a', 'list/a&b', 'list/b', 'list/\u{FF5E}', 'list/\u{1F600}'];
    for (const key of keys.toReversed()) put(key, key);
    put('lisu', 'other');
    const found: (string | undefined)[][] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client().send(
        new ListObjectsV2Command({ Bucket, Prefix: 'list/', MaxKeys: 2, ContinuationToken }),
      );
      found.push((page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(found).toEqual([keys.slice(0, 2), keys.slice(2, 4), keys.slice(4)]);
  });

  it('has the size, the ETag and the time of each object', async () => {
    const { etag, modifiedAtMs } = put('sizes/one', 'four');
    const { Contents, KeyCount } = await client().send(
      new ListObjectsV2Command({ Bucket, Prefix: 'sizes/' }),
    );
    expect(KeyCount).toBe(1);
    expect(Contents).toMatchObject([{ Size: 4, ETag: etag, LastModified: new Date(modifiedAtMs) }]);
  });

  it('is refused with a token that no page has given', async () => {
    const command = new ListObjectsV2Command({ Bucket, ContinuationToken: 'x' });
    await expect(client().send(command)).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('a request that the local runtime does not support', () => {
  it.each([
    ['another resource of a bucket', 'GET', '?versions'],
    ['a multipart upload', 'POST', '/files/key?uploads'],
    ['a version', 'GET', '/files/key?versionId=1'],
    ['a delimiter', 'GET', '?list-type=2&delimiter=/'],
    ['another method', 'PATCH', '/files/key'],
  ])('is refused as NotImplemented: %s', async (_what, method, path) => {
    const response = await request(path, { method });
    expect([response.status, await response.text()]).toEqual([
      501,
      expect.stringContaining('<Code>NotImplemented</Code>'),
    ]);
  });
});
