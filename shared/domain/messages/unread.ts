/**
 * Unread counts: messages behind a marker that are not the reader's own and not deleted. The count is a difference of
 * two counters less the seqs that do not count, so it does not depend on how many messages there are.
 */
import type { Head, Member, SeqSet } from '../model.ts';
import type { UnreadStore } from '../ports/unread.ts';
import { chunk } from '../chunk.ts';

export interface UnreadPorts {
  unread: Pick<UnreadStore, 'listArchivedDead' | 'listArchivedOwn'>;
}

export interface Reading {
  userId: string;
  head: Head | undefined;
  /** Seqs of the reader's messages; undefined when the reader wrote nothing. */
  own: SeqSet | undefined;
  marker: Member['lastRead'];
}

/** How many messages the reader has not read. Only a marker that is older than an archived seq costs a request. */
export async function countUnread(
  { unread }: UnreadPorts,
  { userId, head, own = noSeqs, marker }: Reading,
): Promise<number> {
  if (head === undefined) return 0;
  const { roomId, dead } = head;
  const after = marker?.seq ?? 0;
  const [archivedDead, archivedOwn] = await Promise.all([
    dead.archivedTo > after ? unread.listArchivedDead(roomId, after) : [],
    own.archivedTo > after ? unread.listArchivedOwn(roomId, userId, after) : [],
  ]);
  // A set, since one's own message may be deleted as well, and a seq that moves to the archive is in both for a moment.
  const leftOut = new Set(
    [dead.seqs, own.seqs, archivedDead, archivedOwn]
      .flat()
      // Own seqs may be read later than the head, which does not count them yet.
      .filter((seq) => seq > after && seq <= head.seq),
  );
  return Math.max(0, head.taken - (marker?.taken ?? 0) - leftOut.size);
}

export type RoomsUnreadPorts = UnreadPorts & { unread: Pick<UnreadStore, 'getOwn'> };

/** Rooms at once whose marker may be so old that the archive must be read. */
const roomsAtOnce = 10;

/** Counts by room, with one request for 100 rooms and those to the archive. */
export async function countUnreadInRooms(
  ports: RoomsUnreadPorts,
  userId: string,
  rooms: readonly { head: Head; marker: Member['lastRead'] }[],
): Promise<Map<string, number>> {
  const own = await ports.unread.getOwn(
    userId,
    rooms.map(({ head }) => head.roomId),
  );
  const counts = new Map<string, number>();
  for (const some of chunk(rooms, roomsAtOnce)) {
    await Promise.all(
      some.map(async ({ head, marker }) => {
        const { roomId } = head;
        counts.set(roomId, await countUnread(ports, { userId, head, own: own.get(roomId), marker }));
      }),
    );
  }
  return counts;
}

export const noSeqs: SeqSet = { seqs: [], archivedTo: 0 };

/** So many seqs of void entries and deleted messages keep a room's head below 1 KB, the size of one write unit. */
const maxDeadSeqs = 48;
/** And so many own ones their item. */
const maxOwnSeqs = 96;

export interface ArchivePorts {
  unread: Pick<UnreadStore, 'archiveDead' | 'archiveOwn'>;
}

/** Archives what has become too many; for the head that a seq was taken from, and the seqs of the user who took it. */
export async function archiveSeqs(
  { unread }: ArchivePorts,
  { roomId, dead }: Pick<Head, 'roomId' | 'dead'>,
  own?: { userId: string; seqs: SeqSet },
): Promise<void> {
  await Promise.all([
    dead.seqs.length > maxDeadSeqs ? unread.archiveDead(roomId, dead) : undefined,
    own !== undefined && own.seqs.seqs.length > maxOwnSeqs
      ? unread.archiveOwn(roomId, own.userId, own.seqs)
      : undefined,
  ]);
}
