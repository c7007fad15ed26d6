/** Connections and their subscriptions. Fields that end in `At` are milliseconds since 1970. */
import type { Head } from './rooms.ts';

/** A room that one connection has joined. */
export interface OpenRoom {
  name: string;
  /** The shard of the room's subscriptions that holds this connection. */
  shard: number;
  /**
   * When the gateway received the latest `join` for the room. Absent for the room that the socket was opened
   * with.
   */
  joinReceivedAtMs?: number;
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
  openedAtMs: number;
  tokenEndsAtMs: number;
  /** When the connection stops counting as alive unless a ping extends it. */
  leaseEndsAtMs: number;
  /**
   * Set when the server ended the connection. Later writes never undo it, and the socket is about to be
   * closed.
   */
  ended?: EndReason;
  /** Whether the socket was opened with a room and cannot join others. */
  isSingleRoom: boolean;
  rooms: Record<string, OpenRoom>;
  /** By room id: when the gateway received the latest `leave`. A join that was received earlier is undone. */
  leaveReceivedAtMs?: Record<string, number>;
  /** Whether several events may be sent as one frame. */
  batch: boolean;
  /** Whether it receives `room_activity` for rooms that it has not joined. */
  inbox?: boolean;
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
  joinReceivedAtMs?: number;
  joinedAtMs: number;
  openedAtMs: number;
  leaseEndsAtMs: number;
  tokenEndsAtMs: number;
  batch: boolean;
  isSingleRoom: boolean;
  /** As in `Connection`, in the subscription to the user's own notifications. */
  inbox?: boolean;
  /**
   * As in `Connection`. Reliable only in the subscription to the user's own notifications, since a surplus
   * connection is ended there alone.
   */
  ended?: EndReason;
}
