/** Connections, subscriptions, admission and tickets, as the domain needs them from storage. */
import type { TokenHolder } from '../accounts/revocation.ts';
import type { Ticket } from '../model/accounts.ts';
import type { Connection, EndReason, Subscriber, OpenRoom } from '../model/connections.ts';
import type { Head, Member, Room } from '../model/rooms.ts';

export interface ConnectionStore {
  open(connection: Connection): Promise<void>;
  get(connectionId: string): Promise<Connection | undefined>;
  getMany(connectionIds: string[]): Promise<Connection[]>;
  /** Returns the ids of the connections that exist. Consistent; one request for each 100. */
  filterExisting(connectionIds: string[]): Promise<Set<string>>;
  /** Deletes a connection; the table stream then removes its subscriptions. Returns it as it was, or undefined. */
  remove(connectionId: string): Promise<Connection | undefined>;
  /** Opens a room. Returns false when the connection is gone, has ended, or left the room after that join was received. */
  addRoom(connectionId: string, roomId: string, room: OpenRoom): Promise<boolean>;
  removeRoom(connectionId: string, roomId: string): Promise<void>;
  /** Records another join of an open room. Returns false when the room is not open. */
  rejoinRoom(connectionId: string, roomId: string, joinReceivedAtMs: number): Promise<boolean>;
  /**
   * Closes a room that was joined before the `leave` was received, and makes a join that was received before it and is
   * still running fail. Returns the room as it was open; undefined when it was not open or has been joined again since.
   */
  leaveRoom(connection: Connection, roomId: string, leaveReceivedAtMs: number): Promise<OpenRoom | undefined>;
  /** Changes an open room. Has no effect when the connection does not have the room open. */
  updateRoom(connectionId: string, roomId: string, changes: OpenRoomChanges): Promise<void>;
  /** Marks a connection as one that receives `room_activity`. Returns false when it is gone or has ended. */
  openInbox(connectionId: string): Promise<boolean>;
  /** Extends the lease or replaces the token. Returns false, and changes nothing, when the connection, its lease or its token has ended by `now`. */
  extend(connectionId: string, changes: Extension, now: number): Promise<boolean>;
  /** Ends a connection, so that no later extension applies. Has no effect when it is gone. */
  end(connectionId: string, reason: EndReason, at: number): Promise<void>;
}

/** What a connection may change of an open room. */
export type OpenRoomChanges = Partial<Pick<OpenRoom, 'name' | 'isRemoved' | 'verifiedSeq'>>;

/** A longer lease, or another token of the same user. */
export type Extension = Partial<
  Pick<Connection, 'leaseEndsAtMs' | 'tokenEndsAtMs' | 'sessionId' | 'tokenVersion'>
>;

/** What decides whether a socket is let into a room. */
export interface Admission {
  /** The room and the user's membership; undefined when the room is gone, or no room was given. */
  access: { room: Room; head: Head; member: Member | undefined } | undefined;
  /** The current connection; undefined when it is gone, or none was given. */
  connection: Connection | undefined;
  isRevoked: boolean;
}

export interface AdmissionStore {
  /** Consistent; one request. During the handshake there is no `connectionId` yet. */
  get(
    socket: TokenHolder & Partial<Pick<Connection, 'connectionId'>>,
    roomId: string | undefined,
  ): Promise<Admission>;
}

export interface SubscriptionKey {
  topic: string;
  shard: number;
  connectionId: string;
}

/** Subscriptions by topic: the id of a room, or the id of a user for all connections of that user. */
export interface SubscriptionStore {
  add(topic: string, subscriber: Subscriber): Promise<void>;
  /** Removes a subscription, but not one whose `join` was received after that time. Returns false in that case. */
  remove(key: SubscriptionKey, joinedUntilMs?: number): Promise<boolean>;
  /** Removes several in few requests, which may do a part of it and fail. */
  removeMany(keys: SubscriptionKey[]): Promise<void>;
  extend(topic: string, shard: number, connectionId: string, changes: Extension): Promise<void>;
  /** Marks the registration of a connection under its user as one that receives `room_activity`. */
  openInbox(userId: string, connectionId: string): Promise<void>;
  /** Ends a subscription, so that it receives no events and no later extension applies. It stays, so that its socket can be closed. */
  end(key: SubscriptionKey, reason: EndReason, at: number): Promise<void>;
  /** Returns all subscribers of one shard. Consistent. */
  shard(topic: string, shard: number): Promise<Subscriber[]>;
}

export interface TicketStore {
  put(hash: string, ticket: Ticket): Promise<void>;
  /** Deletes a ticket and returns it, to one of several callers. */
  take(hash: string): Promise<Ticket | undefined>;
}
