/** Finds the messages of one user by reading the logs of rooms, with a bound on the reading of each page. */
import * as limits from '../../contract/limits.ts';
import { shownBytes } from '../files/view-attachments.ts';
import { BudgetedReading, readingBudgets } from '../messages/reading-budget.ts';
import type { MessageEntry } from '../model/log.ts';
import type { ErasureStore } from '../ports/accounts.ts';
import type { LogStore } from '../ports/log.ts';
import type { MemberStore } from '../ports/rooms.ts';
import { waitForAll } from '../wait-for-all.ts';

/** A position in the logs, in the order of the room ids: everything up to this seq has been read. */
export interface LogPosition {
  roomId: string;
  seq: number;
}

export interface OwnMessages {
  messages: MessageEntry[];
  /** Where the next page begins. Undefined when all logs have been read. */
  next: LogPosition | undefined;
}

export interface OwnMessagesPorts {
  log: Pick<LogStore, 'range'>;
  members: Pick<MemberStore, 'listOfUser'>;
  erasures: Pick<ErasureStore, 'listLeftRooms'>;
}

/** Rooms read at a time from the list of memberships, and from the list of rooms that were left. */
const roomsPerPage = 200;

/** An estimate of what a message takes in the answer besides its content and its attachments. */
const overheadBytes = 512;

/**
 * Returns one page of the user's messages in the rooms they belong to or have left, of about `maxBytes` at
 * most.
 */
export async function findOwnMessages(
  ports: OwnMessagesPorts,
  { userId, position, maxBytes }: { userId: string; position: LogPosition | undefined; maxBytes: number },
): Promise<OwnMessages> {
  const messages: MessageEntry[] = [];
  const reading = new BudgetedReading(readingBudgets.ownMessages);
  const { roomIds, next: nextRoom } = await listRooms(ports, userId, position?.roomId);
  let bytes = 0;
  for (const roomId of position === undefined ? roomIds : [position.roomId, ...roomIds]) {
    let seq = roomId === position?.roomId ? position.seq : 0;
    for (let isEnd = false; !isEnd;) {
      const limit = reading.nextLimit(limits.pageSizeMaximum);
      if (limit === 0) return { messages, next: { roomId, seq } };
      const page = await ports.log.range(roomId, seq, Number.MAX_SAFE_INTEGER, limit);
      const entries = reading.take(page);
      isEnd = page.length < limit && entries.length === page.length;
      for (const entry of entries) {
        if (entry.kind === 'message' && entry.userId === userId) {
          bytes += Buffer.byteLength(JSON.stringify(entry.content)) + overheadBytes;
          bytes += shownBytes(entry.attachments);
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

/** The position after the last entry of a room. */
const endOf = (roomId: string): LogPosition => ({ roomId, seq: Number.MAX_SAFE_INTEGER - 1 });

/**
 * Lists rooms after a room id. `next` is the last room up to which the list is complete, or undefined at its
 * end.
 */
async function listRooms(
  { members, erasures }: OwnMessagesPorts,
  userId: string,
  after: string | undefined,
): Promise<{ roomIds: string[]; next: string | undefined }> {
  const [present, left] = await waitForAll([
    members.listOfUser(userId, roomsPerPage, after),
    erasures.listLeftRooms(userId, roomsPerPage, after),
  ]);
  const next = [present.next, left.next].filter((id) => id !== undefined).sort()[0];
  const listed = new Set([...present.items.map(({ roomId }) => roomId), ...left.items]);
  const roomIds = [...listed].filter((roomId) => next === undefined || roomId <= next).sort();
  return { roomIds, next };
}
