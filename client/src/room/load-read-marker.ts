/** Loads the user's own read markers: one request for the list of their rooms serves all rooms that open at once. */
import type { MyRoom } from '../contract/entities.ts';
import type { HttpOperations } from '../contract/http-operations.ts';
import type { Clock } from '../system.ts';
import type { ReadMarker } from './unread.ts';

export interface ReadMarkerLoaderPorts {
  clock: Clock;
  http: Pick<HttpOperations, 'listMyRooms'>;
  userId: () => string | undefined;
  /** The ids of the rooms that are open. */
  openRoomIds: () => readonly string[];
}

/**
 * Returns the user's marker in a room; undefined when the user is not a member of it.
 *
 * @throws {ChatProblem}
 */
export type LoadReadMarker = (roomId: string) => Promise<ReadMarker | undefined>;

/** A list that was requested this recently is used again. */
const maxAgeMs = 2_000;

export function createReadMarkerLoader(ports: ReadMarkerLoaderPorts): LoadReadMarker {
  const { clock, http, userId, openRoomIds } = ports;
  let latest:
    { requestedAtMs: number; userId: string | undefined; rooms: Promise<Map<string, MyRoom>> } | undefined;

  /** Reads pages until it has found every room that is open. */
  async function listRooms(): Promise<Map<string, MyRoom>> {
    const found = new Map<string, MyRoom>();
    for await (const page of http.listMyRooms().pages()) {
      for (const room of page) found.set(room.room_id, room);
      if (openRoomIds().every((roomId) => found.has(roomId))) break;
    }
    return found;
  }

  return async (roomId) => {
    const isUsable =
      latest !== undefined && latest.userId === userId() && clock.now() - latest.requestedAtMs <= maxAgeMs;
    if (latest === undefined || !isUsable) {
      latest = { requestedAtMs: clock.now(), userId: userId(), rooms: listRooms() };
    }
    const room = (await latest.rooms).get(roomId);
    if (room === undefined) return undefined;
    const { last_read_message_id, unread_count, last_message } = room;
    return { message_id: last_read_message_id, unread_count, counted_to: last_message?.seq ?? 0 };
  };
}
