/**
 * Caches which room a name led to, for the life of an execution environment. Names are unique, so when the cached room
 * still has the name, the name itself need not be read.
 */
import { foldRoomName } from '../contract/names.ts';

export interface RoomNames {
  cachedRoomId(name: string): string | undefined;
  remember(name: string, roomId: string): void;
}

/** The oldest names are dropped first. */
const maxNames = 2_000;

export function roomNames(): RoomNames {
  const ids = new Map<string, string>();
  return {
    cachedRoomId: (name) => ids.get(foldRoomName(name)),
    remember(name, roomId) {
      const [oldest] = ids.keys();
      if (ids.size >= maxNames && oldest !== undefined) ids.delete(oldest);
      ids.set(foldRoomName(name), roomId);
    },
  };
}
