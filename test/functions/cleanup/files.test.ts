import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runStep } from '../../../functions/cleanup/run-step.ts';
import { fileKey } from '../../../shared/domain/files/object-keys.ts';
import type { CleanupTask } from '../../../shared/domain/model/cleanup.ts';
import { openChat, roomId, type MemoryChat } from '../../kit/memory-chat/chat.ts';
import { ann, start } from '../../kit/memory-chat/system.ts';

const day = 24 * 60 * 60 * 1_000;
const keys = ['original', '96'].map((name) => fileKey({ roomId }, 'AAECAwQFBgcICQoLDA0ODw', name));
const headers = { contentType: 'image/png', contentDisposition: 'inline', cacheControl: 'private' };
const place = { roomId, uploadKey: 'AQECAwQFBgcICQoLDA0ODw' };

let chat: MemoryChat;
let pauses: number[];
beforeEach(async () => {
  chat = await openChat();
  pauses = [];
  for (const key of keys) await chat.objects.putUnsent(key, Buffer.from(key), headers);
  await chat.uploads.declare({
    ...place,
    userId: ann.userId,
    name: 'map.png',
    declaredType: 'image/png',
    declaredSize: 9,
    createdAtMs: start,
    attachableUntilMs: start + day / 2,
    state: 'attached',
  });
});

const run = (task: CleanupTask, objects = chat.objects) =>
  runStep(
    {
      ...chat,
      objects,
      enqueueCleanup: async () => undefined,
      pause: async (milliseconds) => {
        pauses.push(milliseconds);
        chat.clock.pass(milliseconds);
      },
    },
    task,
  );

const keep = { kind: 'keep_files' as const, keys };
const remove = { kind: 'remove_files' as const, keys, uploads: [place] };
const stored = (): string[] => [...chat.objects.all.keys()];

/** Lets two days pass, after which the rule of the bucket has deleted what was not kept. */
function passDays(): void {
  chat.clock.pass(2 * day);
  chat.objects.expire();
}

describe('files of a message', () => {
  it('stay when they were kept, once or twice', async () => {
    for (let time = 0; time < 2; time += 1) await run(keep);
    passDays();
    expect(stored()).toEqual(keys);
  });

  it('are deleted by the rule of the bucket when they were not', () => {
    passDays();
    expect(stored()).toEqual([]);
  });

  it.each([
    ['after they were kept', [keep, remove]],
    ['before they were kept', [remove, keep]],
    ['between', [keep, remove, keep, keep]],
    ['twice', [remove, remove]],
  ])('are gone when they were removed %s', async (_, tasks) => {
    for (const task of tasks) await run(task);
    expect(stored()).toEqual([]);
    expect(await chat.uploads.get(place)).toBeUndefined();
  });

  it('keep their upload until they are removed, by which an interrupted removal finds them again', async () => {
    vi.spyOn(chat.uploads, 'removeMany').mockImplementation(async () => expect(stored()).toEqual([]));
    await run(remove);
  });
});

describe('a removal that fails', () => {
  it('is repeated for most of a minute', async () => {
    let failures = 4;
    const objects = {
      ...chat.objects,
      remove: async (removed: readonly string[]) => {
        if ((failures -= 1) >= 0) throw new Error('slow down');
        await chat.objects.remove(removed);
      },
    };
    await run(remove, objects);
    expect(stored()).toEqual([]);
    expect(pauses).toEqual([250, 500, 1_000, 2_000]);
  });

  it('fails in the end, so that Lambda repeats it and stores it as failed', async () => {
    const objects = { ...chat.objects, remove: () => Promise.reject(new Error('slow down')) };
    await expect(run(remove, objects)).rejects.toThrow('slow down');
    expect(chat.clock.now() - start).toBeGreaterThan(30_000);
    expect(chat.clock.now() - start).toBeLessThan(60_000);
    await run(remove);
    expect(stored()).toEqual([]);
  });

  it('of a keeping is left to Lambda, which has half a day for it', async () => {
    const objects = { ...chat.objects, keep: () => Promise.reject(new Error('slow down')) };
    await expect(run(keep, objects)).rejects.toThrow('slow down');
    expect(pauses).toEqual([]);
  });
});
