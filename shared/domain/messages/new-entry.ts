/** Builds the new entries of a room's log, of every kind, from the seq that was taken for them. */
import type { LogEntry, MembershipEntry, RoomEntry, VoidEntry } from '../model/log.ts';
import type { Head, Member, Room } from '../model/rooms.ts';
import { isWatched } from '../inbox/watch-rooms.ts';
import { messageCount } from '../views.ts';
import { receiptOf } from './receipt.ts';

/** A seq that was taken from a room's head, with the counters of the head at that seq. */
export type TakenSeq = Pick<Head, 'roomId' | 'seq' | 'messageSeqs' | 'lastAtMs'>;

/** The fields that every kind of entry has. */
type Position = Pick<LogEntry, 'roomId' | 'seq' | 'at' | 'messageSeqs' | 'outbox'>;

/** The fields of one kind of entry alone. */
type Content<E> = E extends LogEntry ? Omit<E, keyof Position> : never;

/** Returns the `outbox` of an entry that changes what a list of rooms shows. */
export function outboxOf(
  head: Head,
  { isPublishedByStream, hasFiles }: { isPublishedByStream: boolean; hasFiles: boolean },
): LogEntry['outbox'] {
  if (isPublishedByStream) return true;
  if (isWatched(head, head.lastAtMs)) return 'inbox';
  return hasFiles ? 'files' : false;
}

/** Builds an entry of any kind. With `outbox` the table stream publishes it, otherwise its writer does. */
export function newEntry<C extends Content<LogEntry>>(
  { roomId, seq, messageSeqs, lastAtMs }: TakenSeq,
  content: C,
  { outbox }: Pick<LogEntry, 'outbox'>,
): C & Position {
  return { ...content, roomId, seq, at: lastAtMs, messageSeqs, outbox };
}

export function newMembershipEntry(
  takenSeq: TakenSeq,
  kind: MembershipEntry['kind'],
  member: Member,
): MembershipEntry {
  const { lastRead: _lastRead, furthestRead: _furthestRead, ...facts } = member;
  const receipt = receiptOf<{ seq: number }>(member);
  const record = receipt === undefined ? facts : { ...facts, lastRead: { seq: receipt.seq } };
  return newEntry(takenSeq, { kind, member: record }, { outbox: true });
}

export function newRoomEntry(head: Head, kind: RoomEntry['kind'], room: Room): RoomEntry {
  return newEntry(head, { kind, room, messageCount: messageCount(head) }, { outbox: true });
}

/** Builds the entry for a seq that was taken and is not used. `wasMessage`: the seq was counted as a message's. */
export function newVoidEntry(takenSeq: TakenSeq, wasMessage: boolean): VoidEntry {
  return newEntry(takenSeq, { kind: 'void', wasMessage }, { outbox: false });
}
