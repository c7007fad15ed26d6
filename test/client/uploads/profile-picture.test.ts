/** The picture of the user is uploaded, and shown by the profile before the call resolves. */
import { describe, expect, test } from 'vitest';
import '../../../client/src/uploads/uploader.ts';
import { FakeServer, start } from '../fake-server.ts';

const pictureOf = (size: number, type = 'image/png'): Blob => new Blob(['x'.repeat(size)], { type });

async function open() {
  const server = new FakeServer();
  const { client } = server.client();
  server.files.pictures = { ann: 'https://chat.test/files/pictures/before/320', bob: null };
  await start({ client });
  return { server, client };
}

describe('a profile picture', () => {
  test('is posted, and its address is returned when the profile shows it', async () => {
    const { server, client } = await open();
    const set = client.profilePicture.set(pictureOf(100));
    await server.pass(2_000);
    await expect(set).resolves.toBe('https://chat.test/files/pictures/upload1/320');
    expect(server.files.uploads).toMatchObject([
      { declared: { type: 'image/png', size: 100 }, roomId: 'picture' },
    ]);
  });

  test('that the server does not show is reported after half a minute', async () => {
    const { server, client } = await open();
    server.files.showsPictures = false;
    const set = client.profilePicture.set(pictureOf(100)).catch((problem: unknown) => problem);
    await server.pass(40_000);
    await expect(set).resolves.toMatchObject({ code: 'upload_not_checked' });
  });

  test.each([
    ['is empty', pictureOf(0), 'file_empty'],
    ['has more than 1 MB', pictureOf(1024 * 1024 + 1), 'file_too_large'],
    ['is not a JPEG, PNG or WebP', pictureOf(10, 'image/gif'), 'type_mismatch'],
  ])('that %s is refused without a request', async (_, file, code) => {
    const { server, client } = await open();
    await expect(client.profilePicture.set(file)).rejects.toMatchObject({ code });
    expect(server.files.uploads).toEqual([]);
  });

  test('is removed', async () => {
    const { server, client } = await open();
    await client.profilePicture.remove();
    expect(server.files.pictures?.['ann']).toBeNull();
  });
});
