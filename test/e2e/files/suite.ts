/** How files are served to others, written once for every way of serving them. */
import { describe, expect, it } from 'vitest';
import { bodyOf } from '../../kit/request.ts';
import { listMessages, newPrivateRoom } from '../../kit/rooms.ts';
import { attachment, postFile, smallPng, textFile, type TestFile } from '../../kit/uploads.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

export const png: TestFile = { name: 'red.png', type: 'image/png', bytes: smallPng, alt: 'two red dots' };

/** How the PNG is shown in messages and events. */
export const shownPng = {
  attachment_id: expect.stringMatching(/^[\w-]{43}$/),
  name: 'red.png',
  type: 'image/png',
  size: expect.any(Number),
  alt: 'two red dots',
  width: 2,
  height: 1,
  url: expect.stringMatching(/\/files\/[0-9a-f-]{36}\/[\w-]{22}\/original\?until=\d+&signature=[\w-]{43}$/),
  thumbnail_url: expect.stringMatching(/\/files\/[0-9a-f-]{36}\/[\w-]{22}\/320\?until=\d+&signature=/),
};

/** Fetches an address as a browser does, which follows redirects. */
export async function download(url: string) {
  const response = await fetch(url);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    disposition: response.headers.get('content-disposition'),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

async function roomOfTwo(): Promise<{ ann: TestUser; bob: TestUser; room: any }> {
  const [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  return { ann, bob, room: await newPrivateRoom(ann, bob) };
}

export function describeServedFiles(): void {
  describe('a file that is declared, posted and sent', () => {
    it('reaches the others with its bytes and name, as a download', async () => {
      const { ann, bob, room } = await roomOfTwo();
      const file = textFile('the plan of Ann', 'Café "1".txt');
      const message = await postFile(ann, room, file);
      expect(message).toMatchObject({
        content: '',
        attachments: [{ name: 'Café "1".txt', size: file.bytes.length }],
      });
      expect(message.attachments[0]).not.toHaveProperty('thumbnail_url');
      expect(await listMessages(bob, room)).toEqual([message]);
      const { bytes, ...served } = await download(message.attachments[0].url);
      expect(bytes.toString()).toBe('the plan of Ann');
      expect(served).toEqual({
        status: 200,
        type: 'application/octet-stream',
        disposition: expect.stringMatching(
          /^attachment; filename="[\w.-]+"; filename\*=UTF-8''Caf%C3%A9%20%221%22.txt$/,
        ),
      });
    });

    it('is shown in place when it is an image, in every size', async () => {
      const { ann, bob, room } = await roomOfTwo();
      await postFile(ann, room, png);
      const [{ attachments }] = await listMessages(bob, room);
      expect(attachments).toEqual([shownPng]);
      const [shown] = attachments;
      const original = await download(shown.url);
      expect(original).toMatchObject({ status: 200, type: 'image/png' });
      expect(original.disposition).toMatch(/^inline; filename="red.png"/);
      expect(original.bytes).toHaveLength(shown.size);
      for (const size of ['96', '320', '1280']) {
        const thumbnail = await download(shown.thumbnail_url.replace('/320?', `/${size}?`));
        expect(thumbnail).toMatchObject({ status: 200, type: 'image/webp' });
        expect(thumbnail.bytes.subarray(8, 12).toString()).toBe('WEBP');
      }
    });

    it('has new addresses by its id', async () => {
      const { ann, bob, room } = await roomOfTwo();
      const { attachments } = await postFile(ann, room, png);
      const renewed = await bodyOf(200, attachment(bob, attachments[0].attachment_id));
      expect(renewed).toEqual(shownPng);
      expect(await download(renewed.url)).toMatchObject({ status: 200, type: 'image/png' });
    });
  });

  it('the address of a file leads nowhere with another room, folder, time, signature or name', async () => {
    const { ann, room } = await roomOfTwo();
    const { attachments } = await postFile(ann, room);
    const url = new URL(attachments[0].url);
    const [, , roomId, folder] = url.pathname.split('/') as [string, string, string, string];
    const until = Number(url.searchParams.get('until'));
    const changed = (change: (address: URL) => void): string => {
      const address = new URL(url);
      change(address);
      return address.href;
    };
    const withPath = (path: string) => changed((address) => (address.pathname = path));
    const withQuery = (name: string, value: string) =>
      changed((address) => address.searchParams.set(name, value));
    const addresses = [
      withPath(url.pathname.replace(roomId, crypto.randomUUID())),
      withPath(url.pathname.replace(folder, 'AAECAwQFBgcICQoLDA0ODw')),
      withPath(url.pathname.replace('/original', '/other')),
      withPath(url.pathname.replace('/original', '/original/original')),
      withPath(`/files/incoming/${attachments[0].attachment_id}`),
      withQuery('until', `${until + 1_800}`),
      withQuery('until', '0'),
      withQuery('signature', 'A'.repeat(43)),
      changed((address) => (address.search = '')),
    ];
    for (const address of addresses) expect([403, 404]).toContain((await fetch(address)).status);
    expect((await download(url.href)).status).toBe(200);
  });
}
