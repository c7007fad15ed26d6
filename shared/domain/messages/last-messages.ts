/** Finds the last message of rooms, for lists of rooms and for `room_activity`. */
import type { MessageEntry } from '../model/log.ts';
import type { Head } from '../model/rooms.ts';
import type { LogStore } from '../ports/log.ts';
import { waitForAll } from '../wait-for-all.ts';
import { isMessage } from './read-log.ts';

/** Where the last seq holds no message, this many entries below it are searched, in this many rooms of a page at most. */
const maxEntriesSearched = 8;
const maxRoomsSearched = 10;

/** Replicas are far less behind than this. A room that changed later is read consistently. */
const replicaLagMs = 5_000;

/** Returns last messages by room. A room is missing when it has no message, or when the search for it was cut off. */
export async function findLastMessages(
  log: Pick<LogStore, 'getMany' | 'rangeDown'>,
  heads: readonly Head[],
  now: number,
): Promise<Map<string, MessageEntry>> {
  const withMessages = heads.filter(({ lastMessageSeq }) => lastMessageSeq > 0);
  const isRecent = ({ lastAtMs }: Head): boolean => lastAtMs > now - replicaLagMs;
  const recent = withMessages.filter(isRecent).map(lastKey);
  const older = withMessages.filter((head) => !isRecent(head)).map(lastKey);
  const entries = await waitForAll([
    recent.length === 0 ? [] : log.getMany(recent),
    older.length === 0 ? [] : log.getMany(older, { consistent: false }),
  ]);
  const found = new Map(
    entries
      .flat()
      .filter(isMessage)
      .map((entry) => [entry.roomId, entry]),
  );
  // Their last seq holds a void entry, or is still being written.
  const missing = withMessages.filter(({ roomId }) => !found.has(roomId)).slice(0, maxRoomsSearched);
  await waitForAll(
    missing.map(async ({ roomId, lastMessageSeq }) => {
      const below = await log.rangeDown(roomId, lastMessageSeq, maxEntriesSearched);
      const last = below.find(isMessage);
      if (last !== undefined) found.set(roomId, last);
    }),
  );
  return found;
}

const lastKey = ({ roomId, lastMessageSeq }: Head) => ({ roomId, seq: lastMessageSeq });
