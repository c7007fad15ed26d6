/** Where the user's own read markers are: one list of their rooms, for however many rooms open at once. */
import type { MyRoom } from '../../shared/contract/entities.ts';
import type { HttpOperations } from '../http/operation-types.ts';
import type { Clock } from '../system.ts';
import type { ReadMarker } from './unread.ts';

export interface OwnMarkersPorts {
  clock: Clock;
  http: Pick<HttpOperations, 'listMyRooms'>;
  /** Whose markers they are. */
  userId: () => string | undefined;
  /** The rooms that are open. */
  wanted: () => readonly string[];
}

/** What was asked for within this time is still true. */
const freshMs = 2_000;

/** The marker in that room; undefined when the user does not belong to it. Rejects with a `ChatProblem`. */
export function ownMarkers({
  clock,
  http,
  userId,
  wanted,
}: OwnMarkersPorts): (roomId: string) => Promise<ReadMarker | undefined> {
  let last: { at: number; userId: string | undefined; answer: Promise<Map<string, MyRoom>> } | undefined;

  /** As many pages as it takes to find every room that is open. */
  async function list(): Promise<Map<string, MyRoom>> {
    const found = new Map<string, MyRoom>();
    for await (const page of http.listMyRooms().pages()) {
      for (const room of page) found.set(room.room_id, room);
      if (wanted().every((roomId) => found.has(roomId))) break;
    }
    return found;
  }

  return async (roomId) => {
    const isFresh = last !== undefined && last.userId === userId() && clock.now() - last.at <= freshMs;
    if (last === undefined || !isFresh) last = { at: clock.now(), userId: userId(), answer: list() };
    const room = (await last.answer).get(roomId);
    if (room === undefined) return undefined;
    const { last_read_message_id, unread_count, last_message } = room;
    return { message_id: last_read_message_id, unread_count, counted_to: last_message?.seq ?? 0 };
  };
}
