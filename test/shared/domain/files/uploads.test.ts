import { beforeEach, describe, expect, it } from 'vitest';
import { ownUnsent, refusalOf, sendStateOf } from '../../../../shared/domain/files/attachable.ts';
import { declareUpload } from '../../../../shared/domain/files/declare-upload.ts';
import type { Upload } from '../../../../shared/domain/model/uploads.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat, start } from '../../../kit/memory-chat/system.ts';

const hour = 60 * 60 * 1_000;
const quota = { files: 5, bytes: 1_000 };
const file = { name: 'map.png', declaredType: 'image/png', declaredSize: 100 };
const checked = { folder: 'AAECAwQFBgcICQoLDA0ODw', type: 'image/png', size: 90, width: 4, height: 3 };

let chat: MemoryChat;
beforeEach(async () => {
  chat = await openChat({ isPrivate: true }, bob);
});

const declare = (caller = ann, size = 100): Promise<Upload> =>
  declareUpload(chat, caller, { roomId, file: { ...file, declaredSize: size }, quota });

const refusal = (code: string) => expect.objectContaining({ code }) as unknown;

describe('a declared upload', () => {
  it('is awaited, and can be sent for twelve hours once it is checked', async () => {
    const declared = await declareUpload(chat, ann, { roomId, file: { ...file, alt: 'a map' }, quota });
    expect(await chat.uploads.get(declared)).toEqual({
      ...file,
      alt: 'a map',
      roomId,
      uploadKey: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      userId: ann.userId,
      createdAtMs: start,
      attachableUntilMs: start + 12 * hour,
      state: 'awaited',
    });
    expect((await declare()).uploadKey).not.toBe(declared.uploadKey);
  });

  it('ends by itself a day later', async () => {
    await declare();
    const items = chat.table.partition(`UPLOAD#${roomId}`);
    expect(items.map(({ ttl }) => ttl)).toEqual([(start + 25 * hour) / 1_000]);
  });

  it('is refused in a room in which the user may not write', async () => {
    await expect(declare(cat)).rejects.toEqual(refusal('not_found'));
  });
});

describe('the quota of a day', () => {
  it('bounds files and bytes, for each user apart', async () => {
    for (let count = 0; count < 5; count += 1) await declare();
    await expect(declare()).rejects.toEqual(refusal('rate_limited'));
    await declare(bob, 1_000);
    await expect(declare(bob, 1)).rejects.toEqual(refusal('rate_limited'));
  });

  it('refuses a file that is larger than the quota, and counts none that it refuses', async () => {
    await expect(declare(ann, 1_001)).rejects.toEqual(refusal('rate_limited'));
    await declare(ann, 900);
    await expect(declare(ann, 101)).rejects.toEqual(refusal('rate_limited'));
    await declare(ann, 100);
  });

  it('is not exceeded by declarations at the same time', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => declare()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(quota.files);
  });

  it('begins again with the next day in UTC, which the refusal names', async () => {
    await declare(ann, 1_000);
    const refused = await declare().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'rate_limited', retryAfterMs: 12 * hour });
    chat.clock.pass(12 * hour);
    await declare();
  });
});

describe('the result of a check', () => {
  it('makes an upload ready with what was found', async () => {
    const declared = await declare();
    expect(await chat.uploads.settle(declared, { file: checked })).toEqual({
      ...declared,
      state: 'ready',
      file: checked,
    });
  });

  it('is recorded once, whatever later runs find', async () => {
    const declared = await declare();
    const first = await chat.uploads.settle(declared, { file: checked });
    const later = { ...checked, folder: 'BBECAwQFBgcICQoLDA0ODw' };
    expect(await chat.uploads.settle(declared, { file: later })).toEqual(first);
    expect(await chat.uploads.settle(declared, { problem: 'unreadable_image' })).toEqual(first);
    expect(await chat.uploads.get(declared)).toEqual(first);
  });

  it('of a refusal stays, too', async () => {
    const declared = await declare();
    await chat.uploads.settle(declared, { problem: 'type_mismatch' });
    const upload = await chat.uploads.settle(declared, { file: checked });
    expect(upload).toEqual({ ...declared, state: 'refused', problem: 'type_mismatch' });
  });

  it('creates no upload that is gone', async () => {
    const gone = { roomId, uploadKey: 'AAECAwQFBgcICQoLDA0ODw' };
    expect(await chat.uploads.settle(gone, { file: checked })).toBeUndefined();
    expect(await chat.uploads.get(gone)).toBeUndefined();
  });
});

describe('a check that a send asks for', () => {
  it('begins once in a while, as long as the result is awaited', async () => {
    const declared = await declare();
    const begin = (now: number) => chat.uploads.beginCheck(declared, now, 10_000);
    expect(await begin(start)).toBe(true);
    expect(await begin(start + 9_999)).toBe(false);
    expect(await begin(start + 10_000)).toBe(true);
    await chat.uploads.settle(declared, { file: checked });
    expect(await begin(start + 60_000)).toBe(false);
    expect(await chat.uploads.beginCheck({ roomId, uploadKey: 'none' }, start, 0)).toBe(false);
  });
});

describe('an upload can be sent', () => {
  const asked = { userId: ann.userId, roomId, now: start };

  it('by its user, in its room, once it was checked and before it ends', async () => {
    const declared = await declare();
    expect(sendStateOf(declared, asked)).toBe('unchecked');
    const ready = await chat.uploads.settle(declared, { file: checked });
    expect(sendStateOf(ready, asked)).toBe('attachable');
    expect(sendStateOf(ready, { ...asked, now: start + 12 * hour - 1 })).toBe('attachable');
    expect(sendStateOf(ready, { ...asked, now: start + 12 * hour })).toBe('unavailable');
    expect(sendStateOf(ready, { ...asked, userId: bob.userId })).toBe('unavailable');
    expect(sendStateOf(ready, { ...asked, roomId: bob.userId })).toBe('unavailable');
    expect(sendStateOf(undefined, asked)).toBe('unavailable');
  });

  it('not when it was sent or refused, of which its own user learns the reason', async () => {
    const declared = await declare();
    expect(sendStateOf({ ...declared, state: 'attached' }, asked)).toBe('unavailable');
    const refused = { ...declared, state: 'refused', problem: 'image_too_large' } as const;
    expect(sendStateOf(refused, asked)).toBe('refused');
    expect(sendStateOf(refused, { ...asked, userId: bob.userId })).toBe('unavailable');
    expect(refusalOf(refused)).toMatchObject({ code: 'image_too_large' });
    expect(refusalOf({ ...refused, problem: 'unknown here' })).toMatchObject({ code: 'invalid_request' });
  });

  it('are read together, without those that are gone', async () => {
    const [first, second] = [await declare(), await declare(bob)];
    const gone = { roomId, uploadKey: 'AAECAwQFBgcICQoLDA0ODw' };
    const found = await chat.uploads.getMany([first, gone, second]);
    expect(found.map(({ userId }) => userId).toSorted()).toEqual([ann.userId, bob.userId]);
  });
});

describe('an upload that was not sent', () => {
  it('is shown to its own user alone, until it ends', async () => {
    const declared = await declare();
    expect(ownUnsent(declared, ann.userId, start)).toBe(declared);
    for (const [upload, userId, now] of [
      [undefined, ann.userId, start],
      [declared, bob.userId, start],
      [{ ...declared, state: 'attached' as const }, ann.userId, start],
      [declared, ann.userId, start + 12 * hour],
    ] as const)
      expect(() => ownUnsent(upload, userId, now)).toThrowError(refusal('not_found'));
  });
});
