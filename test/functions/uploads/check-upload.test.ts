import { beforeEach, describe, expect, it } from 'vitest';
import type { Checked, CheckedFile } from '../../../functions/uploads/check-file.ts';
import { checkUpload, type CheckPorts } from '../../../functions/uploads/check-upload.ts';
import { contentHeaders } from '../../../shared/domain/files/content-headers.ts';
import { declareUpload } from '../../../shared/domain/files/declare-upload.ts';
import { incomingKey, placeOfIncoming } from '../../../shared/domain/files/object-keys.ts';
import type { Upload } from '../../../shared/domain/model/uploads.ts';
import { openChat, roomId, type MemoryChat } from '../../kit/memory-chat/chat.ts';
import { ann } from '../../kit/memory-chat/system.ts';

let chat: MemoryChat;
let upload: Upload;

beforeEach(async () => {
  chat = await openChat();
  upload = await declareUpload(chat, ann, {
    roomId,
    file: { name: 'map.png', declaredType: 'image/png', declaredSize: 3 },
    quota: { files: 9, bytes: 99 },
  });
  chat.objects.post(incomingKey(upload), 'map');
});

/** Accepts every file but those that begin with "bad", and makes two objects of it. */
async function checkFile({ bytes }: { bytes: Uint8Array }): Promise<Checked<CheckedFile>> {
  const text = Buffer.from(bytes).toString();
  if (text.startsWith('bad')) return { problem: 'unreadable_image' };
  const object = (name: 'original' | '96') => ({
    name,
    bytes: Buffer.from(`${name} of ${text}`),
    headers: contentHeaders('image/png', name),
  });
  return {
    file: {
      type: 'image/png',
      size: text.length,
      dimensions: { width: 4, height: 3 },
      objects: [object('original'), object('96')],
    },
  };
}

/** Calls `step` before each request, and after it with the request's number. */
function ports(step: (count: number) => Promise<void> | void = () => undefined): CheckPorts {
  let count = 0;
  const request = async <T>(run: () => T | Promise<T>): Promise<T> => {
    count += 1;
    await step(count);
    return run();
  };
  return {
    random: chat.random,
    uploads: {
      get: (place) => request(() => chat.uploads.get(place)),
      settle: (place, result) => request(() => chat.uploads.settle(place, result)),
    },
    objects: {
      get: (key) => request(() => chat.objects.get(key)),
      putUnsent: (key, bytes, headers) => request(() => chat.objects.putUnsent(key, bytes, headers)),
      remove: (keys) => request(() => chat.objects.remove(keys)),
    },
    checkFile,
  };
}

/** What is served of an upload, by the name of each object. */
function served(checked: Upload | undefined): Record<string, string> {
  const start = `files/${roomId}/${checked?.file?.folder}/`;
  return Object.fromEntries(
    chat.objects
      .keysBelow(start)
      .map((key) => [key.slice(start.length), Buffer.from(chat.objects.all.get(key)!.bytes).toString()]),
  );
}

const all = { original: 'original of map', 96: '96 of map' };

describe('the check of an upload', () => {
  it('stores what it has made, records it, and removes what was posted', async () => {
    const checked = await checkUpload(ports(), upload);
    expect(checked).toMatchObject({
      state: 'ready',
      file: { folder: expect.stringMatching(/^[\w-]{22}$/), type: 'image/png', size: 3, width: 4, height: 3 },
    });
    expect(served(checked)).toEqual(all);
    expect(chat.objects.all.size).toBe(2);
  });

  it('records a refusal, stores nothing, and removes what was posted', async () => {
    chat.objects.post(incomingKey(upload), 'bad');
    expect(await checkUpload(ports(), upload)).toMatchObject({
      state: 'refused',
      problem: 'unreadable_image',
    });
    expect(chat.objects.all.size).toBe(0);
  });

  it('leaves an upload awaited to which nothing was posted, and creates none that is gone', async () => {
    chat.objects.all.clear();
    expect(await checkUpload(ports(), upload)).toEqual(upload);
    expect(await checkUpload(ports(), { roomId, uploadKey: 'AAECAwQFBgcICQoLDA0ODw' })).toBeUndefined();
  });

  it('changes nothing when it is repeated, whatever was posted since', async () => {
    const first = await checkUpload(ports(), upload);
    for (const text of ['other', 'bad']) {
      chat.objects.post(incomingKey(upload), text);
      expect(await checkUpload(ports(), upload)).toEqual(first);
    }
    expect(served(first)).toEqual(all);
  });

  it('is decided by one of several runs at the same time, and what the others made is removed', async () => {
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const runs = await Promise.all(Array.from({ length: 4 }, () => checkUpload(ports(turn), upload)));
    expect(new Set(runs.map((run) => run?.file?.folder)).size).toBe(1);
    expect(served(runs[0])).toEqual(all);
    expect(chat.objects.all.size).toBe(2);
  });

  it.each([1, 2, 3, 4, 5, 6])('that ends at its request %i is completed by the next run', async (end) => {
    const crash = new Error('The function has ended');
    await expect(
      checkUpload(
        ports((count) => {
          if (count === end) throw crash;
        }),
        upload,
      ),
    ).rejects.toBe(crash);
    const checked = await checkUpload(ports(), upload);
    expect(checked).toMatchObject({ state: 'ready' });
    expect(served(checked)).toEqual(all);
    expect(await checkUpload(ports(), upload)).toEqual(checked);
  });
});

describe('the name of what was posted', () => {
  it('leads to its upload', () => {
    const { uploadKey } = upload;
    expect(placeOfIncoming(incomingKey(upload))).toEqual({ roomId, uploadKey });
  });

  it.each(['incoming/', 'incoming/x', 'files/x', ''])('%j leads to none', (key) => {
    expect(() => placeOfIncoming(key)).toThrowError(expect.objectContaining({ code: 'not_found' }));
  });
});
