import { beforeEach, describe, expect, it } from 'vitest';
import type { Checked, StoredObject } from '../../../functions/uploads/check-file.ts';
import { checkUpload } from '../../../functions/uploads/check-upload.ts';
import { showPicture } from '../../../functions/uploads/show-picture.ts';
import { contentHeaders } from '../../../shared/domain/files/content-headers.ts';
import { incomingKey } from '../../../shared/domain/files/object-keys.ts';
import { declarePicture, removePicture } from '../../../shared/domain/files/profile-pictures.ts';
import { removePictures } from '../../../shared/domain/files/remove-files.ts';
import type { Upload } from '../../../shared/domain/model/uploads.ts';
import { fileStep } from '../../../shared/storage/entities/file-step.ts';
import { openChat, type MemoryChat } from '../../kit/memory-chat/chat.ts';
import { ann, start } from '../../kit/memory-chat/system.ts';

let chat: MemoryChat;

beforeEach(async () => {
  chat = await openChat();
  await chat.users.register(
    { ...ann, firstName: '', lastName: '', profilePicture: null, createdAtMs: start },
    { userId: ann.userId, email: '' },
    { ...ann, passwordHash: 'hash', tokenVersion: 0 },
  );
});

/** Makes two objects of every picture but those that begin with "bad". */
async function checkPicture({
  bytes,
}: {
  bytes: Uint8Array;
}): Promise<Checked<StoredObject<'320' | '96'>[]>> {
  const text = Buffer.from(bytes).toString();
  if (text.startsWith('bad')) return { problem: 'unreadable_image' };
  const headers = contentHeaders('image/webp', '320.webp');
  return { file: (['320', '96'] as const).map((name) => ({ name, bytes: Buffer.from(text), headers })) };
}

async function declare(text: string): Promise<Upload> {
  chat.clock.pass(1);
  const quota = { files: 100, bytes: 100_000 };
  const upload = await declarePicture(chat, ann, { type: 'image/png', size: text.length, quota });
  chat.objects.post(incomingKey(upload), text);
  return upload;
}

type Ports = Parameters<typeof showPicture>[0];
const check = (upload: Upload, more: Partial<Ports> = {}) =>
  checkUpload(
    { ...chat, checkFile: () => Promise.reject(new Error('not a picture')) },
    upload,
    (found, bytes) => showPicture({ ...chat, checkPicture, ...more }, found, bytes),
  );

const pictureOf = async (): Promise<string | null | undefined> =>
  (await chat.users.get(ann.userId))?.profilePicture;

/** What the table stream and the cleanup function do after the steps that are stored. */
async function follow(): Promise<void> {
  for (const item of chat.table.all().filter(({ pk }) => String(pk).startsWith('FILES#'))) {
    const { keep = [], remove = [] } = fileStep.parse(item);
    await chat.objects.keep(keep);
    await chat.objects.remove(remove);
  }
}

/** The texts of the objects that stay for good. */
async function kept(): Promise<string[]> {
  await follow();
  chat.clock.pass(2 * 24 * 60 * 60 * 1_000);
  chat.objects.expire();
  return [...chat.objects.all].map(
    ([key, { bytes }]) => `${key.split('/').at(-1)}: ${Buffer.from(bytes).toString()}`,
  );
}

describe('a profile picture', () => {
  it('is shown under an address that stays, once its check has ended', async () => {
    const upload = await declare('one');
    expect(await pictureOf()).toBeNull();
    expect(await check(upload)).toMatchObject({ state: 'attached' });
    const address = await pictureOf();
    expect(address).toMatch(new RegExp(`^/files/pictures/${ann.userId}/[\\w-]{22}/320$`));
    expect(await kept()).toEqual(['320: one', '96: one']);
    expect(await pictureOf()).toBe(address);
  });

  it('replaces the one before, whose objects are removed', async () => {
    await check(await declare('one'));
    const first = await pictureOf();
    await check(await declare('two'));
    expect(await pictureOf()).not.toBe(first);
    expect(await kept()).toEqual(['320: two', '96: two']);
  });

  it('is not shown when its bytes are refused, and the one before stays', async () => {
    await check(await declare('one'));
    const first = await pictureOf();
    expect(await check(await declare('bad'))).toMatchObject({
      state: 'refused',
      problem: 'unreadable_image',
    });
    expect(await pictureOf()).toBe(first);
    expect(await kept()).toEqual(['320: one', '96: one']);
  });

  it('is not shown any more once it is removed, also when a check of an earlier one ends later', async () => {
    const late = await declare('late');
    await check(await declare('one'));
    await removePicture(chat, ann);
    expect(await pictureOf()).toBeNull();
    expect(await check(late)).toMatchObject({ state: 'refused', problem: 'outdated' });
    expect(await pictureOf()).toBeNull();
    expect(await kept()).toEqual([]);
    await removePicture(chat, ann);
  });

  it('gives way to one that was declared later, in whatever order they are checked', async () => {
    const [first, second] = [await declare('first'), await declare('second')];
    await check(second);
    const shown = await pictureOf();
    expect(await check(first)).toMatchObject({ state: 'refused' });
    expect(await pictureOf()).toBe(shown);
    expect(await kept()).toEqual(['320: second', '96: second']);
  });

  it('is shown once by checks that overlap and repeat, and what the others made is removed', async () => {
    const upload = await declare('one');
    const runs = await Promise.all([check(upload), check(upload), check(upload)]);
    expect(new Set(runs.map((run) => run?.state))).toEqual(new Set(['attached']));
    const shown = await pictureOf();
    chat.objects.post(incomingKey(upload), 'other');
    expect(await check(upload)).toMatchObject({ state: 'attached' });
    expect(await pictureOf()).toBe(shown);
    expect(await kept()).toEqual(['320: one', '96: one']);
  });

  it('is shown by a check that is repeated after it ended anywhere', async () => {
    for (let end = 1; end <= 6; end += 1) {
      const text = `picture ${end}`;
      const upload = await declare(text);
      let count = 0;
      const ending =
        <T extends unknown[], R>(call: (...input: T) => Promise<R>) =>
        (...input: T): Promise<R> => {
          count += 1;
          return count === end ? Promise.reject(new Error('killed')) : call(...input);
        };
      const { pictures, objects, uploads } = chat;
      await check(upload, {
        pictures: { find: ending(pictures.find), show: ending(pictures.show) },
        objects: { putUnsent: ending(objects.putUnsent), remove: ending(objects.remove) },
        uploads: { get: ending(uploads.get), settle: ending(uploads.settle) },
      }).catch(() => undefined);
      expect(await check(upload)).toMatchObject({ state: 'attached' });
    }
    expect(await kept()).toEqual(['320: picture 6', '96: picture 6']);
  });

  it('of a user who is gone is not shown, and nothing of it stays', async () => {
    const upload = await declare('one');
    const login = (await chat.users.findLogin(ann.username))!;
    await chat.users.erase(
      login,
      { userId: ann.userId, email: '' },
      {
        userId: ann.userId,
        tokenVersion: 1,
        revokedAtMs: chat.clock.now(),
        expiresAtMs: chat.clock.now() + 1_000,
      },
    );
    expect(await check(upload)).toMatchObject({ state: 'refused' });
    expect(await removePictures(chat, ann.userId, Infinity)).toBe(true);
    expect(await kept()).toEqual([]);
  });
});

describe('the declaration of a profile picture', () => {
  it('is refused for more than 1 MiB, and when the quota of the day is used up', async () => {
    const quota = { files: 1, bytes: 10_000_000 };
    const size = 1_024 * 1_024;
    await expect(
      declarePicture(chat, ann, { type: 'image/png', size: size + 1, quota }),
    ).rejects.toMatchObject({ code: 'file_too_large' });
    await declarePicture(chat, ann, { type: 'image/png', size, quota });
    await expect(declarePicture(chat, ann, { type: 'image/png', size, quota })).rejects.toMatchObject({
      code: 'rate_limited',
    });
  });
});

it('is replaced in one transaction: neither a picture nor its objects change when the upload has ended', async () => {
  const upload = await declare('one');
  await chat.uploads.settle(upload, { problem: 'unreadable_image' });
  const shown = (await chat.pictures.find(ann.userId))!;
  const step = { stepKey: 'AAECAwQFBgcICQoLDA0ODw' };
  expect(await chat.pictures.show(upload, { folder: 'x', shown, step }, 0)).toBe('settled');
  expect(await pictureOf()).toBeNull();
});
