/**
 * The entities of the domain, as they are stored. Fields that end in `At` are milliseconds since 1970.
 * `views.ts` makes what clients see of them.
 */
import type { MemberRole } from '../contract/entities.ts';

/** The user and session that a request comes from, as its access token or its connection states them. */
export interface Caller {
  userId: string;
  username: string;
  sessionId: string;
  /** The user's token version when the session began; see `accounts/revocation.ts`. */
  tokenVersion: number;
  /** When the access token expires. */
  tokenEndsAt: number;
}

/** A user as other users may see them. */
export interface User {
  userId: string;
  username: string;
  firstName: string;
  lastName: string;
  profilePicture: string | null;
  createdAt: number;
}

/** The data of a user that only the user may see. */
export interface Account {
  userId: string;
  /** Empty when the user gave none. */
  email: string;
}

/** The credentials of a user, stored under the username. */
export interface Login {
  userId: string;
  username: string;
  passwordHash: string;
  /** Raised by each change that ends all the user's sessions. */
  tokenVersion: number;
}

/** One sign-in with its family of refresh tokens. */
export interface Session {
  sessionId: string;
  userId: string;
  username: string;
  createdAt: number;
  /** The login's token version when the session began. */
  tokenVersion: number;
  /** Hash of the only refresh token that is valid now. */
  currentHash: string;
  /** When the current refresh token expires. */
  currentEndsAt: number;
  /**
   * Hash of the refresh token that the current one replaced. For a minute after `rotatedAt` it is answered
   * with the current one.
   */
  parentHash?: string;
  rotatedAt?: number;
  /** When the session ends. No token of the family outlives it. */
  endsAt: number;
  /** The User-Agent header of the sign-in. */
  userAgent?: string;
}

/** A conversation with a log of its own: public, private or direct. */
export interface Room {
  roomId: string;
  name: string;
  description: string;
  createdAt: number;
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
  taken: number;
  /** How many of `taken` were filled with a void entry instead. */
  voids: number;
  /** Seqs of messages that were deleted or replaced by a void entry, which no unread count includes. */
  dead: SeqSet;
  lastMessageSeq: number;
  /** When the last seq was taken, or 0. */
  lastAt: number;
  /** Number of shards that the room's subscriptions are spread over. */
  shards: number;
  /** The seq of the last change that ended a user's right in this room, or 0. */
  rightsSeq: number;
  /** When the room was deleted. Absent while it exists. */
  closedAt?: number;
}

/** A user's lasting membership of a room. */
export interface Member {
  roomId: string;
  userId: string;
  username: string;
  role: MemberRole;
  joinedAt: number;
  /** The read marker: the seq and `taken` of the message that was read last. Absent when nothing was read. */
  lastRead?: { seq: number; taken: number; at: number };
}

/** The fields that all entries of a log have. */
interface EntryBase {
  roomId: string;
  seq: number;
  at: number;
  /** `Head.taken` after this entry took its seq. */
  taken: number;
  /** Whether the table stream's function publishes the entry, because its writer does not. */
  outbox: boolean;
}

/** A message with its current content. */
export interface MessageEntry extends EntryBase {
  kind: 'message';
  userId: string;
  username: string;
  content: string;
  clientId?: string;
  editedAt?: number;
  /** The seq of the edit that the content comes from. */
  editSeq?: number;
  isDeleted: boolean;
}

/**
 * An edit or deletion. It holds no content but points at the message, so that a deletion leaves no copy in
 * the log.
 */
export interface ChangeEntry extends EntryBase {
  kind: 'edit' | 'delete';
  targetSeq: number;
  userId: string;
  username: string;
}

/** A member as of one entry, with the seq that they had read. */
export type MemberRecord = Omit<Member, 'lastRead'> & {
  lastRead?: Pick<NonNullable<Member['lastRead']>, 'seq'>;
};

/** A change of a room's members. */
export interface MembershipEntry extends EntryBase {
  kind: 'member_added' | 'member_updated' | 'member_removed';
  member: MemberRecord;
}

/** A change of the room itself. */
export interface RoomEntry extends EntryBase {
  kind: 'room_updated' | 'room_deleted';
  /** The room as of this entry. */
  room: Room;
  /** How many messages the room had, deleted ones included. */
  messageCount: number;
}

/** Fills the gap that a writer left when it took a seq and stored no entry. No client sees it. */
export interface VoidEntry extends EntryBase {
  kind: 'void';
  /** Whether `Head.taken` had counted the seq as a message. */
  wasMessage: boolean;
}

export type LogEntry = MessageEntry | ChangeEntry | MembershipEntry | RoomEntry | VoidEntry;

/** A room that one connection has joined. */
export interface OpenRoom {
  name: string;
  /** The shard of the room's subscriptions that holds this connection. */
  shard: number;
  /**
   * When the gateway received the latest `join` for the room. Absent for the room that the socket was opened
   * with.
   */
  joinReceivedAt?: number;
  /** Whether the user has been removed from the room: commands for it are refused. */
  isRemoved?: boolean;
  /** The `Head.rightsSeq` at which the user's right to the room was last verified for this connection. */
  verifiedSeq?: number;
}

/** Why the server ended a connection: its session ended, or its user had too many connections. */
export type EndReason = 'signed_out' | 'too_many';

/** One WebSocket of one user, from its handshake to its removal. */
export interface Connection {
  connectionId: string;
  userId: string;
  username: string;
  sessionId: string;
  /** The token version of the session. */
  tokenVersion: number;
  openedAt: number;
  tokenEndsAt: number;
  /** When the connection stops counting as alive unless a ping extends it. */
  leaseEndsAt: number;
  /**
   * Set when the server ended the connection. Later writes never undo it, and the socket is about to be
   * closed.
   */
  ended?: EndReason;
  /** Whether the socket was opened with a room and cannot join others. */
  isSingleRoom: boolean;
  rooms: Record<string, OpenRoom>;
  /** By room id: when the gateway received the latest `leave`. A join that was received earlier is undone. */
  leaveReceivedAt?: Record<string, number>;
  /** Whether several events may be sent as one frame. */
  batch: boolean;
  /** The seq after which the welcome sends entries, for a socket that resumes the room it was opened with. */
  after?: number;
  /** How many messages the welcome sends for the room that the socket was opened with. */
  history: number;
  /** The head of the room that the socket was opened with, as the handshake read it. */
  head?: Pick<Head, 'seq' | 'shards'>;
  /** Whether the welcome makes the user a member of the room that the socket was opened with. */
  joinsRoom?: boolean;
}

/** A connection as the holder of one subscription: to a room, or to its user's own notifications. */
export interface Subscriber {
  connectionId: string;
  userId: string;
  username: string;
  sessionId: string;
  shard: number;
  /** When the gateway received the `join`. Absent for the room that the socket was opened with. */
  joinReceivedAt?: number;
  joinedAt: number;
  openedAt: number;
  leaseEndsAt: number;
  tokenEndsAt: number;
  batch: boolean;
  isSingleRoom: boolean;
  /**
   * As in `Connection`. Reliable only in the subscription to the user's own notifications, since a surplus
   * connection is ended there alone.
   */
  ended?: EndReason;
}

/** A one-time credential for a handshake, with the caller that it stands for. */
export interface Ticket extends Caller {
  /** When the ticket expires. */
  endsAt: number;
}
