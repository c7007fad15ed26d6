/** What the rules of chat ask of the world about connections, who hears what, and who is let in. */
import type { TokenHolder } from '../accounts/revocation.ts';
import type { Connection, Head, Listener, Member, OpenRoom, Room, Ticket } from '../model.ts';

export interface ConnectionStore {
  open(connection: Connection): Promise<void>;
  get(connectionId: string): Promise<Connection | undefined>;
  getMany(connectionIds: string[]): Promise<Connection[]>;
  /** Those of them that there are. Consistent; a request for each 100. */
  there(connectionIds: string[]): Promise<Set<string>>;
  /** Deletes it; what follows (leaving its rooms) follows from that change. As it was; undefined when it was gone. */
  remove(connectionId: string): Promise<Connection | undefined>;
  /** Notes one more message in the rate window and keeps the lease. */
  countMessage(connection: Connection, now: number, windowMs: number): Promise<void>;
  /** Adds to what the window's commands cost; what they cost by now. */
  countWork(
    connection: Pick<Connection, 'connectionId' | 'work'>,
    cost: number,
    now: number,
    windowMs: number,
  ): Promise<number>;
  /** False when the connection is gone. */
  addRoom(connectionId: string, roomId: string, room: OpenRoom): Promise<boolean>;
  removeRoom(connectionId: string, roomId: string): Promise<void>;
  /** The user was removed from the room: nothing more is taken from this socket for it. */
  markRemoved(connectionId: string, roomId: string): Promise<void>;
  /** The room has another name now. Nothing happens when the connection does not have it open. */
  renameOpenRoom(connectionId: string, roomId: string, name: string): Promise<void>;
  extend(
    connectionId: string,
    changes: Partial<Pick<Connection, 'leaseEndsAt' | 'tokenEndsAt' | 'sessionId' | 'tokenVersion'>>,
  ): Promise<void>;
}

/** What lets a socket in, or keeps it out. */
export interface Admission {
  /** Undefined when the room is gone, or none was asked for. */
  sight: { room: Room; head: Head; member: Member | undefined } | undefined;
  /** As it is now; undefined when the socket is closed, or none was asked for. */
  connection: Connection | undefined;
  isRevoked: boolean;
}

export interface AdmissionStore {
  /** In one request. Consistent. Whoever is still at the door has no `connectionId` yet. */
  get(
    socket: TokenHolder & Partial<Pick<Connection, 'connectionId'>>,
    roomId: string | undefined,
  ): Promise<Admission>;
}

/** Audiences by topic: a room's id, or a user's id for every connection of that user. */
export interface AudienceStore {
  add(topic: string, listener: Listener): Promise<void>;
  /** The same socket to several, in one request that may do a part of it and fail. */
  addToAll(topics: { topic: string; shard: number }[], listener: Listener): Promise<void>;
  remove(topic: string, shard: number, connectionId: string): Promise<void>;
  /** Many, in few requests that may do a part of it and fail. */
  removeAll(places: { topic: string; shard: number; connectionId: string }[]): Promise<void>;
  extend(
    topic: string,
    shard: number,
    connectionId: string,
    changes: Partial<Pick<Listener, 'leaseEndsAt' | 'tokenEndsAt' | 'sessionId'>>,
  ): Promise<void>;
  /** Everyone in one shard. Consistent. */
  shard(topic: string, shard: number): Promise<Listener[]>;
}

export interface TicketStore {
  put(hash: string, ticket: Ticket): Promise<void>;
  /** Takes it out of the world, once. */
  take(hash: string): Promise<Ticket | undefined>;
}
