/** What the system keeps. Times are milliseconds since 1970; the wire's forms are made in `views.ts`. */
import type { MemberRole, Member as MemberView, Room as RoomView } from '../contract/entities.ts';

/** Who asks: taken from an access token or a connection. */
export interface Caller {
  userId: string;
  username: string;
  sessionId: string;
  /** The user's token version when the session began; see `accounts/revocation.ts`. */
  tokenVersion: number;
  /** When the access token ends. */
  tokenEndsAt: number;
}

export interface User {
  userId: string;
  username: string;
  firstName: string;
  lastName: string;
  profilePicture: string | null;
  createdAt: number;
}

/** What only its owner may see. */
export interface Account {
  userId: string;
  /** Empty for none. */
  email: string;
}

export interface Login {
  userId: string;
  username: string;
  passwordHash: string;
  /** Rises with each change that ends the user's sessions at once. */
  tokenVersion: number;
}

/** One refresh family. */
export interface Session {
  sessionId: string;
  userId: string;
  username: string;
  createdAt: number;
  /** Of the login that the session began with. */
  tokenVersion: number;
  /** Hash of the one refresh token that is good now, and when it ends. */
  currentHash: string;
  currentEndsAt: number;
  /** The token that the current one replaced, answered with the current one for a minute after `rotatedAt`. */
  parentHash?: string;
  rotatedAt?: number;
  /** No token of the family lives longer. */
  endsAt: number;
  /** As the client that signed in called itself. */
  userAgent?: string;
}

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

/** Seqs of one room: the newest ones at hand, older ones in an archive, which some may be in twice or in both. */
export interface SeqSet {
  seqs: number[];
  /** The highest archived seq; 0 when nothing was archived. Every seq above it is in `seqs`. */
  archivedTo: number;
}

/** The sequencer of a room's log. */
export interface Head {
  roomId: string;
  /** The last seq that was taken; 0 for none. */
  seq: number;
  /** Messages that took a seq, whether or not they were stored. */
  taken: number;
  /** How many of `taken` were filled with a void entry instead. */
  voids: number;
  /** Seqs of messages that were deleted, or replaced by a void entry: no unread count includes them. */
  dead: SeqSet;
  lastMessageSeq: number;
  /** When the last seq was taken; 0 for never. */
  lastAt: number;
  /** Over how many shards the subscribers is spread. */
  shards: number;
  /** The seq of the last change that took a right in this room from a user; 0 when there was none. */
  rightsSeq: number;
  /** When the room was deleted. */
  closedAt?: number;
}

export interface Member {
  roomId: string;
  userId: string;
  username: string;
  role: MemberRole;
  joinedAt: number;
  /** The read marker: the message's seq and its `taken`; absent when nothing was read. */
  lastRead?: { seq: number; taken: number; at: number };
}

interface EntryBase {
  roomId: string;
  seq: number;
  at: number;
  /** `Head.taken` once this entry had its seq. */
  taken: number;
  /** Left to the stream's reaction to publish, because its writer does not. */
  outbox: boolean;
}

export interface MessageEntry extends EntryBase {
  kind: 'message';
  userId: string;
  username: string;
  content: string;
  clientId?: string;
  editedAt?: number;
  /** The seq of the edit that the content is from. */
  editSeq?: number;
  isDeleted: boolean;
}

/** Points at a message; its content is read from there, so that a deletion leaves no copy of it in the log. */
export interface ChangeEntry extends EntryBase {
  kind: 'edit' | 'delete';
  targetSeq: number;
  userId: string;
  username: string;
}

export interface MembershipEntry extends EntryBase {
  kind: 'member_added' | 'member_updated' | 'member_removed';
  member: MemberView;
}

export interface RoomEntry extends EntryBase {
  kind: 'room_updated' | 'room_deleted';
  room: RoomView;
}

/** Stands where a writer took a seq and stored nothing. */
export interface VoidEntry extends EntryBase {
  kind: 'void';
  /** The seq had been counted as a message's. */
  wasMessage: boolean;
}

export type LogEntry = MessageEntry | ChangeEntry | MembershipEntry | RoomEntry | VoidEntry;

/** A room as one connection has it open. */
export interface OpenRoom {
  name: string;
  /** The subscribers shard that holds this connection. */
  shard: number;
  /** When the gateway received the latest `join` of it; absent for the room that a socket was opened with. */
  joinReceivedAt?: number;
  /** The user was removed from it a moment ago: nothing more is taken from this socket. */
  isRemoved?: boolean;
  /** The `Head.rightsSeq` up to which the user's right to the room has been verified for this connection. */
  verifiedSeq?: number;
}

/** Its session was ended, or its user had too many sockets. */
export type EndReason = 'signed_out' | 'too_many';

export interface Connection {
  connectionId: string;
  userId: string;
  username: string;
  sessionId: string;
  /** Of the session. */
  tokenVersion: number;
  openedAt: number;
  tokenEndsAt: number;
  /** Until when it is believed alive without a word from it. */
  leaseEndsAt: number;
  /** It was ended for good, whatever is written later; its socket is about to be closed. */
  ended?: EndReason;
  /** Opened with a room, and bound to it. */
  isSingleRoom: boolean;
  rooms: Record<string, OpenRoom>;
  /** When the gateway received the latest `leave` of rooms: a join that was received before it is undone. */
  left?: Record<string, number>;
  batch: boolean;
  /** What the welcome sends; for a connection that was opened with a room. */
  after?: number;
  history: number;
  /** Of the room it was opened with, as the handshake saw it. */
  head?: Pick<Head, 'seq' | 'shards'>;
  /** The user was no member of the room that the socket was opened with: the welcome makes them one. */
  joinsRoom?: boolean;
}

/** One connection in the subscribers of a room, or of its user (every connection of theirs). */
export interface Subscriber {
  connectionId: string;
  userId: string;
  username: string;
  sessionId: string;
  shard: number;
  /** When the gateway received the `join`, if there was one. */
  joinReceivedAt?: number;
  joinedAt: number;
  openedAt: number;
  leaseEndsAt: number;
  tokenEndsAt: number;
  batch: boolean;
  isSingleRoom: boolean;
  /** As for its connection; known of the registration under its user alone. */
  ended?: EndReason;
}

export interface Ticket extends Caller {
  /** When it can no longer be used. */
  endsAt: number;
}
