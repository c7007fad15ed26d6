/** What one user said, found by walking through the logs of rooms: a page at a time, with a bound on the walk. */
import { limits } from '../../contract/limits.ts';
import { Reading, readingBudgets } from '../messages/reading-budget.ts';
import type { MessageEntry } from '../model.ts';
import type { ErasureStore } from '../ports/accounts.ts';
import type { LogStore } from '../ports/log.ts';
import type { MemberStore } from '../ports/rooms.ts';

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

export interface OwnMessagesPorts {
  log: Pick<LogStore, 'range'>;
  members: Pick<MemberStore, 'listOfUser'>;
  erasures: Pick<ErasureStore, 'listLeftRooms'>;
}

/** Of each of the two lists that rooms are taken from. */
const roomsPerPage = 200;

/** An entry and what the answer says of it besides. */
const overheadBytes = 512;

/** In the rooms that the user belongs to or once left, by room id. `maxBytes` bounds what is found. */
export async function findOwnMessages(
  ports: OwnMessagesPorts,
  { userId, place, maxBytes }: { userId: string; place: LogPlace | undefined; maxBytes: number },
): Promise<OwnMessages> {
  const messages: MessageEntry[] = [];
  const reading = new Reading(readingBudgets.ownMessages);
  const { roomIds, next: nextRoom } = await listRooms(ports, userId, place?.roomId);
  let bytes = 0;
  for (const roomId of place === undefined ? roomIds : [place.roomId, ...roomIds]) {
    let seq = roomId === place?.roomId ? place.seq : 0;
    for (let isEnd = false; !isEnd;) {
      const limit = reading.nextLimit(limits.pageSizeMaximum);
      if (limit === 0) return { messages, next: { roomId, seq } };
      const page = await ports.log.range(roomId, seq, Number.MAX_SAFE_INTEGER, limit);
      const entries = reading.take(page);
      isEnd = page.length < limit && entries.length === page.length;
      for (const entry of entries) {
        if (entry.kind === 'message' && entry.userId === userId) {
          bytes += Buffer.byteLength(JSON.stringify(entry.content)) + overheadBytes;
          const isFull = messages.length === limits.pageSizeMaximum || bytes > maxBytes;
          if (isFull && messages.length > 0) return { messages, next: { roomId, seq } };
          messages.push(entry);
        }
        ({ seq } = entry);
      }
    }
  }
  return { messages, next: nextRoom === undefined ? undefined : endOf(nextRoom) };
}

/** Every room up to this one has been walked through. */
const endOf = (roomId: string): LogPlace => ({ roomId, seq: Number.MAX_SAFE_INTEGER - 1 });

/** Some rooms behind that one, and up to which room that is all of them; undefined for all there are. */
async function listRooms(
  { members, erasures }: OwnMessagesPorts,
  userId: string,
  after: string | undefined,
): Promise<{ roomIds: string[]; next: string | undefined }> {
  const [present, left] = await Promise.all([
    members.listOfUser(userId, roomsPerPage, after),
    erasures.listLeftRooms(userId, roomsPerPage, after),
  ]);
  const next = [present.next, left.next].filter((id) => id !== undefined).sort()[0];
  const all = new Set([...present.items.map(({ roomId }) => roomId), ...left.items]);
  const roomIds = [...all].filter((roomId) => next === undefined || roomId <= next).sort();
  return { roomIds, next };
}
