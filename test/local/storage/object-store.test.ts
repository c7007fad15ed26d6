import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectTaggingCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { contentHeaders } from '../../../shared/domain/files/content-headers.ts';
import type { ObjectStore } from '../../../shared/domain/ports/objects.ts';
import { openObjectStore } from '../../../shared/storage/object-store.ts';
import { useStorage } from './storage-runtime.ts';

const { client, put, stored, Bucket } = useStorage();
const store = (): ObjectStore => openObjectStore(Bucket, client());
const headers = contentHeaders('image/png', 'ä map.png');

describe('the store of objects', () => {
  it('stores an object with its headers and the tag by which the bucket deletes it', async () => {
    const bytes = new Uint8Array([0, 255, 13, 10, 128]);
    const Key = 'files/room/folder/original';
    await store().putUnsent(Key, bytes, headers);
    expect(await client().send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ContentType: 'image/png',
      ContentDisposition: headers.contentDisposition,
      CacheControl: headers.cacheControl,
    });
    expect(stored(Key)?.tags).toEqual({ unsent: '1' });
    expect(await store().get(Key)).toEqual(Buffer.from(bytes));
  });

  it('reads objects of 10 MiB, and none that does not exist', async () => {
    const bytes = Buffer.alloc(10 * 1_024 * 1_024, 'chat');
    await store().putUnsent('files/large', bytes, headers);
    expect(Buffer.compare((await store().get('files/large'))!, bytes)).toBe(0);
    expect(await store().get('files/none')).toBeUndefined();
  });

  it('keeps objects by removing the tag, again and again, and passes over those that are gone', async () => {
    const keys = ['files/kept/original', 'files/kept/96'];
    for (const key of keys) await store().putUnsent(key, Buffer.from('x'), headers);
    for (let time = 0; time < 2; time += 1) await store().keep([...keys, 'files/kept/gone']);
    for (const Key of keys)
      expect(await client().send(new GetObjectTaggingCommand({ Bucket, Key }))).toMatchObject({ TagSet: [] });
    expect(stored('files/kept/gone')).toBeUndefined();
  });

  it('removes objects of which some do not exist, and sends no request for none', async () => {
    put('files/removed', 'x');
    await store().remove(['files/removed', 'files/never']);
    await store().remove([]);
    expect(stored('files/removed')).toBeUndefined();
  });

  it('removes a folder in parts, and nothing beside it', async () => {
    for (const key of ['a/1', 'a/2', 'a/3/4', 'ab/1']) put(`files/${key}`, 'x');
    expect(await store().removeBelow('files/a/', { limit: 2 })).toEqual({ isDone: false });
    expect(await store().removeBelow('files/a/', { limit: 2 })).toEqual({ isDone: true });
    expect(await store().removeBelow('files/a/', { limit: 2 })).toEqual({ isDone: true });
    expect(['a/1', 'a/2', 'a/3/4', 'ab/1'].map((key) => stored(`files/${key}`)?.sizeBytes)).toEqual([
      undefined,
      undefined,
      undefined,
      1,
    ]);
  });

  it('removes more than one request can delete', async () => {
    for (let index = 0; index < 1_005; index += 1) put(`files/many/${index}`, 'x');
    expect(await store().removeBelow('files/many/', { limit: 5_000 })).toEqual({ isDone: true });
    expect(stored('files/many/1004')).toBeUndefined();
  });

  it.each(['', 'files/', 'files/room', '/', 'files'])(
    'refuses to remove what is below "%s"',
    async (prefix) => {
      await expect(store().removeBelow(prefix, { limit: 9 })).rejects.toThrow(/is not a folder/);
    },
  );
});

describe('the store of objects, over an S3 that fails', () => {
  let close: (() => void) | undefined;
  afterEach(() => close?.());

  /** Opens the store over a server that answers as S3. */
  async function storeOver(answer: RequestListener): Promise<ObjectStore> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const s3 = new S3Client({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      forcePathStyle: true,
      maxAttempts: 1,
    });
    close = () => {
      s3.destroy();
      server.closeAllConnections();
      server.close();
    };
    return openObjectStore('files', s3, 200);
  }

  const denied = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
  const listOf = (...keys: string[]): string =>
    `<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`;
  /** Denies everything but lists of the bucket. */
  const denying =
    (list: string): RequestListener =>
    ({ url = '' }, response) =>
      void (url.includes('list-type') ? response.end(list) : response.writeHead(403).end(denied));

  it('finds that an object is missing when its role may read it and list the folder only', async () => {
    const objects = await storeOver(denying(listOf('incoming/ab')));
    expect(await objects.get('incoming/a')).toBeUndefined();
    await objects.keep(['incoming/a']);
  });

  it('does not take a missing permission for a missing object', async () => {
    const objects = await storeOver(denying(listOf('incoming/a')));
    await expect(objects.get('incoming/a')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(objects.keep(['incoming/a'])).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('rejects when some objects were not deleted', async () => {
    const objects = await storeOver((_, response) => {
      response.end(
        '<DeleteResult><Error><Key>a</Key><Code>InternalError</Code><Message>Again</Message></Error></DeleteResult>',
      );
    });
    await expect(objects.remove(['a', 'b'])).rejects.toThrow('S3 did not delete 1 objects: InternalError');
  });

  it('gives up a file that stops in the middle', async () => {
    const objects = await storeOver((_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half');
    });
    await expect(objects.get('incoming/a')).rejects.toThrow('in time');
  });
});
