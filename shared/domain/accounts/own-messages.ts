/** What somebody said, found by walking through the logs of rooms: a page at a time, with a bound on the walk. */
import type { MessageEntry } from '../model.ts';
import type { LogStore } from '../ports/log.ts';

/** A place in the rooms, in the order of their ids: everything up to that seq was looked at. */
export interface LogPlace {
  roomId: string;
  seq: number;
}

export interface OwnMessages {
  messages: MessageEntry[];
  /** Where to go on; undefined when every room has been walked through. */
  next: LogPlace | undefined;
}

/** So many entries are looked at for one page, whether or not one of them is the user's. */
const entriesPerPage = 2_000;
const entriesAtOnce = 250;

/** `roomIds` in order. */
export async function findOwnMessages(
  { log }: { log: Pick<LogStore, 'range'> },
  wanted: { userId: string; roomIds: readonly string[]; place: LogPlace | undefined; limit: number },
): Promise<OwnMessages> {
  const { userId, roomIds, place, limit } = wanted;
  const messages: MessageEntry[] = [];
  let budget = entriesPerPage;
  for (const roomId of roomIds.filter((id) => place === undefined || id >= place.roomId)) {
    let seq = roomId === place?.roomId ? place.seq : 0;
    for (let isEnd = false; !isEnd;) {
      if (budget <= 0) return { messages, next: { roomId, seq } };
      const entries = await log.range(roomId, seq, Number.MAX_SAFE_INTEGER, entriesAtOnce);
      // A room that holds nothing costs a request too.
      budget -= Math.max(entries.length, 10);
      isEnd = entries.length < entriesAtOnce;
      for (const entry of entries) {
        if (messages.length === limit) return { messages, next: { roomId, seq } };
        if (entry.kind === 'message' && entry.userId === userId) messages.push(entry);
        ({ seq } = entry);
      }
    }
  }
  return { messages, next: undefined };
}
