/**
 * Which room a name led to, as long as this instance lives. Names are unique, so whoever finds the room still bearing
 * the name that it is remembered by need not ask for the name at all.
 */
import { foldRoomName } from '../contract/names.ts';

export interface RoomNames {
  cachedRoomId(name: string): string | undefined;
  remember(name: string, roomId: string): void;
}

/** The oldest are forgotten first. */
const namesRemembered = 2_000;

export function roomNames(): RoomNames {
  const ids = new Map<string, string>();
  return {
    cachedRoomId: (name) => ids.get(foldRoomName(name)),
    remember(name, roomId) {
      const [oldest] = ids.keys();
      if (ids.size >= namesRemembered && oldest !== undefined) ids.delete(oldest);
      ids.set(foldRoomName(name), roomId);
    },
  };
}
