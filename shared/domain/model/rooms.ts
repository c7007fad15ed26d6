/** Rooms, their heads and members. Fields that end in `At` are milliseconds since 1970. */
import type { MemberRole } from '../../contract/entities.ts';

/** A conversation with a log of its own: public, private or direct. */
export interface Room {
  roomId: string;
  name: string;
  description: string;
  createdAtMs: number;
  creatorId: string;
  creatorUsername: string;
  isPrivate: boolean;
  isDirect: boolean;
  memberCount: number;
}

/**
 * A set of seqs of one room. The newest are listed here, older ones in an archive; a seq may occur more than
 * once.
 */
export interface SeqSet {
  seqs: number[];
  /** The highest archived seq; 0 when nothing was archived. Every seq above it is in `seqs`. */
  archivedTo: number;
}

/** The sequencer of a room's log, with the counters that change with it. */
export interface Head {
  roomId: string;
  /** The last seq that was taken, or 0. */
  seq: number;
  /** How many messages have taken a seq, whether or not they were stored. */
  messageSeqs: number;
  /** How many of `messageSeqs` were filled with a void entry instead. */
  voids: number;
  /** Seqs of messages that were deleted or replaced by a void entry, which no unread count includes. */
  dead: SeqSet;
  lastMessageSeq: number;
  /** When the last seq was taken, or 0. */
  lastAtMs: number;
  /** Number of shards that the room's subscriptions are spread over. */
  shards: number;
  /** The seq of the last change that ended a user's right in this room, or 0. */
  rightsSeq: number;
  /** Until when the inbox of a member may be watched; see `domain/inbox/watch-rooms.ts`. Absent if none ever was. */
  watchedUntilMs?: number;
  /** When the room was deleted. Absent while it exists. */
  closedAtMs?: number;
}

/** A user's lasting membership of a room. */
export interface Member {
  roomId: string;
  userId: string;
  username: string;
  role: MemberRole;
  joinedAtMs: number;
  /**
   * The read marker: the seq and `messageSeqs` of the message that was read last. Absent when nothing was read; 0 when all
   * messages were marked as unread.
   */
  lastRead?: { seq: number; messageSeqs: number; at: number };
  /** How far the member had read before they marked messages as unread: what other users see. */
  furthestRead?: { seq: number; at: number };
}
