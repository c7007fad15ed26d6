/** The bucket of files, in memory: its objects, and the rule that deletes those that were never sent. */
import type { ObjectStore } from '../../shared/domain/ports/objects.ts';
import type { Clock } from '../../shared/domain/ports/system.ts';

export interface MemoryObject {
  bytes: Uint8Array;
  isUnsent: boolean;
  createdAtMs: number;
}

export interface MemoryObjects extends ObjectStore {
  /** By key, in the order in which they were stored. */
  all: Map<string, MemoryObject>;
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
  return {
    all,
    keysBelow,
    post: (key, bytes) => put(key, Buffer.from(bytes), false),
    expire() {
      for (const [key, { isUnsent, createdAtMs }] of all)
        if ((isUnsent || key.startsWith('incoming/')) && createdAtMs + dayMs <= clock.now()) all.delete(key);
    },
    get: async (key) => all.get(key)?.bytes,
    putUnsent: async (key, bytes) => put(key, bytes, true),
    async keep(keys) {
      for (const key of keys) {
        const object = all.get(key);
        if (object !== undefined) all.set(key, { ...object, isUnsent: false });
      }
    },
    remove: async (keys) => keys.forEach((key) => all.delete(key)),
    async removeBelow(prefix, { limit }) {
      const keys = keysBelow(prefix);
      for (const key of keys.slice(0, limit)) all.delete(key);
      return { isDone: keys.length <= limit };
    },
  };
}
