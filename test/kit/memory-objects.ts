/** The bucket of files, in memory: its objects, and the rule that deletes those that were never sent. */
import type { ObjectStore } from '../../shared/domain/ports/objects.ts';
import type { Clock } from '../../shared/domain/ports/system.ts';
import { immediately, type Take } from './memory-table/memory-table.ts';

export interface MemoryObject {
  bytes: Uint8Array;
  isUnsent: boolean;
  createdAtMs: number;
}

export interface MemoryObjects extends ObjectStore {
  /** By key, in the order in which they were stored. */
  all: Map<string, MemoryObject>;
  /** Returns the bucket as one invocation sees it. Each object is changed in a step of its own. */
  as(take: Take): ObjectStore;
  /** Stores what a client posts with the form of an upload. */
  post(key: string, bytes: Uint8Array | string): void;
  /** Deletes what the rules of the bucket delete: objects with the tag, and posted ones, a day after they were stored. */
  expire(): void;
  keysBelow(prefix: string): string[];
}

const dayMs = 24 * 60 * 60 * 1_000;

export function memoryObjects(clock: Clock): MemoryObjects {
  const all = new Map<string, MemoryObject>();
  const put = (key: string, bytes: Uint8Array, isUnsent: boolean): void => {
    all.delete(key);
    all.set(key, { bytes, isUnsent, createdAtMs: clock.now() });
  };
  const keysBelow = (prefix: string): string[] => [...all.keys()].filter((key) => key.startsWith(prefix));
  const untag = (key: string): void => {
    const object = all.get(key);
    if (object !== undefined) all.set(key, { ...object, isUnsent: false });
  };
  const as = (take: Take): ObjectStore => {
    const remove = async (keys: readonly string[]): Promise<void> => {
      for (const key of keys) await take(() => void all.delete(key));
    };
    return {
      get: (key) => take(() => all.get(key)?.bytes),
      putUnsent: (key, bytes) => take(() => put(key, bytes, true)),
      async keep(keys) {
        for (const key of keys) await take(() => untag(key));
      },
      remove,
      async removeBelow(prefix, { limit }) {
        const keys = await take(() => keysBelow(prefix));
        await remove(keys.slice(0, limit));
        return { isDone: keys.length <= limit };
      },
    };
  };
  return {
    ...as(immediately),
    all,
    as,
    keysBelow,
    post: (key, bytes) => put(key, Buffer.from(bytes), false),
    expire() {
      for (const [key, { isUnsent, createdAtMs }] of all)
        if ((isUnsent || key.startsWith('incoming/')) && createdAtMs + dayMs <= clock.now()) all.delete(key);
    },
  };
}
