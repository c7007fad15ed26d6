/** What the rules of chat ask of the world about connections, who hears what, and who is let in. */
import type { TokenHolder } from '../accounts/revocation.ts';
import type { Connection, EndReason, Head, Subscriber, Member, OpenRoom, Room, Ticket } from '../model.ts';

export interface ConnectionStore {
  open(connection: Connection): Promise<void>;
  get(connectionId: string): Promise<Connection | undefined>;
  getMany(connectionIds: string[]): Promise<Connection[]>;
  /** Returns the ids of the connections that exist. Consistent; one request for each 100. */
  filterExisting(connectionIds: string[]): Promise<Set<string>>;
  /** Deletes it; what follows (leaving its rooms) follows from that change. As it was; undefined when it was gone. */
  remove(connectionId: string): Promise<Connection | undefined>;
  /** False when the connection is gone, or was ended, or left the room after that join was received. */
  addRoom(connectionId: string, roomId: string, room: OpenRoom): Promise<boolean>;
  removeRoom(connectionId: string, roomId: string): Promise<void>;
  /** Records another join of a room that is open already. False when it is not open any more. */
  rejoinRoom(connectionId: string, roomId: string, joinReceivedAt: number): Promise<boolean>;
  /**
   * Closes a room that was joined before the `leave` was received, and undoes a join that was received before it and is
   * still running. The room as it was open; undefined when it was not, or has been joined again since.
   */
  leaveRoom(connection: Connection, roomId: string, leaveReceivedAt: number): Promise<OpenRoom | undefined>;
  /** The user was removed from the room: nothing more is taken from this socket for it. */
  markRemoved(connectionId: string, roomId: string): Promise<void>;
  /** The room has another name now. Nothing happens when the connection does not have it open. */
  renameOpenRoom(connectionId: string, roomId: string, name: string): Promise<void>;
  /** Records that the user's right to the room was verified up to that `Head.rightsSeq`. */
  setVerifiedSeq(connectionId: string, roomId: string, rightsSeq: number): Promise<void>;
  /** False, and nothing changes, when the connection is gone or has ended in any way by `now`. */
  extend(connectionId: string, changes: Extension, now: number): Promise<boolean>;
  /** Ends it for good: no later extension applies. Nothing happens when it is gone. */
  end(connectionId: string, reason: EndReason, at: number): Promise<void>;
}

/** What a connection may be given longer, or another session. */
export type Extension = Partial<
  Pick<Connection, 'leaseEndsAt' | 'tokenEndsAt' | 'sessionId' | 'tokenVersion'>
>;

/** What lets a socket in, or keeps it out. */
export interface Admission {
  /** The room and the user's membership; undefined when the room is gone, or no room was given. */
  access: { room: Room; head: Head; member: Member | undefined } | undefined;
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

export interface SubscriptionKey {
  topic: string;
  shard: number;
  connectionId: string;
}

/** Subscriptions by topic: a room's id, or a user's id for every connection of that user. */
export interface SubscriptionStore {
  add(topic: string, subscriber: Subscriber): Promise<void>;
  remove(topic: string, shard: number, connectionId: string): Promise<void>;
  /** Unless it joined by a command that was received later. False then. */
  removeJoined(place: SubscriptionKey, receivedUntil: number): Promise<boolean>;
  /** Many, in few requests that may do a part of it and fail. */
  removeAll(places: SubscriptionKey[]): Promise<void>;
  extend(topic: string, shard: number, connectionId: string, changes: Extension): Promise<void>;
  /** It hears nothing from now on, and no later extension applies; the item stays, so that its socket can be closed. */
  end(place: SubscriptionKey, reason: EndReason, at: number): Promise<void>;
  /** Everyone in one shard. Consistent. */
  shard(topic: string, shard: number): Promise<Subscriber[]>;
}

export interface TicketStore {
  put(hash: string, ticket: Ticket): Promise<void>;
  /** Takes it out of the world, once. */
  take(hash: string): Promise<Ticket | undefined>;
}
