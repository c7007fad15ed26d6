/**
 * Counts unread messages: those after a read marker that are neither the reader's own nor deleted. The count is the
 * difference of two counters, less the seqs that it leaves out, so its cost does not grow with the number of messages.
 */
import type { Head, Member, SeqSet } from '../model/rooms.ts';
import type { UnreadStore } from '../ports/unread.ts';
import { chunk } from '../chunk.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface UnreadPorts {
  unread: Pick<UnreadStore, 'listArchivedDead' | 'listArchivedOwn'>;
}

export interface CountUnreadInput {
  userId: string;
  head: Head | undefined;
  /** Seqs of the reader's own messages; undefined when there are none. */
  own: SeqSet | undefined;
  marker: Member['lastRead'];
}

/** Returns how many messages the reader has not read. Reads the archive only for a marker below an archived seq. */
export async function countUnread(
  { unread }: UnreadPorts,
  { userId, head, own = noSeqs, marker }: CountUnreadInput,
): Promise<number> {
  if (head === undefined) return 0;
  const { roomId, dead } = head;
  const after = marker?.seq ?? 0;
  const [archivedDead, archivedOwn] = await waitForAll([
    dead.archivedTo > after ? unread.listArchivedDead(roomId, after) : [],
    own.archivedTo > after ? unread.listArchivedOwn(roomId, userId, after) : [],
  ]);
  // A set: an own message may be deleted too, and a seq that is being archived is in both places for a moment.
  const excluded = new Set(
    [dead.seqs, own.seqs, archivedDead, archivedOwn]
      .flat()
      // Own seqs may have been read after the head, whose counter does not include them yet.
      .filter((seq) => seq > after && seq <= head.seq),
  );
  return Math.max(0, head.messageSeqs - (marker?.messageSeqs ?? 0) - excluded.size);
}

export type RoomsUnreadPorts = UnreadPorts & { unread: Pick<UnreadStore, 'getOwn'> };

/** Bounds the concurrent reads of the archive, which rooms with an old marker need. */
const maxConcurrentRooms = 10;

/** Counts by room. One request for each 100 rooms, and those to the archive. */
export async function countUnreadInRooms(
  ports: RoomsUnreadPorts,
  userId: string,
  rooms: readonly { head: Head; marker: Member['lastRead'] }[],
): Promise<Map<string, number>> {
  const own = await ports.unread.getOwn(
    userId,
    rooms.map(({ head }) => head.roomId),
  );
  return countInRooms(
    ports,
    userId,
    rooms.map(({ head, marker }) => ({ head, own: own.get(head.roomId), marker })),
  );
}

/** The same for rooms whose own seqs are known. */
export async function countInRooms(
  ports: UnreadPorts,
  userId: string,
  rooms: readonly Omit<CountUnreadInput, 'userId'>[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const group of chunk(rooms, maxConcurrentRooms)) {
    await waitForAll(
      group.map(async (room) => {
        if (room.head !== undefined)
          counts.set(room.head.roomId, await countUnread(ports, { userId, ...room }));
      }),
    );
  }
  return counts;
}

export const noSeqs: SeqSet = { seqs: [], archivedTo: 0 };
