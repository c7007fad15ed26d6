/** What the rules of chat ask of the world. Each verb takes only the ports that it uses. */
import type {
  Account,
  Caller,
  ChangeEntry,
  Connection,
  Head,
  Listener,
  LogEntry,
  Login,
  Member,
  MembershipEntry,
  MessageEntry,
  OpenRoom,
  Room,
  RoomEntry,
  Session,
  Ticket,
  User,
  VoidEntry,
} from './model.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Random {
  /** A random UUID. */
  uuid: () => string;
  /** Unguessable, URL-safe, 256 bits. */
  secret: () => string;
  /** An integer from 0 up to, not including, `below`. */
  integer: (below: number) => number;
}

export interface UserStore {
  /** Stores all of it or nothing. Throws `username_taken`, `email_taken`. */
  register(user: User, account: Account, login: Login): Promise<void>;
  findLogin(username: string): Promise<Login | undefined>;
  get(userId: string): Promise<User | undefined>;
  getWithAccount(userId: string): Promise<(User & Account) | undefined>;
  /** Undefined when there is no such user. */
  update(userId: string, changes: Partial<Pick<User, 'firstName' | 'lastName'>>): Promise<User | undefined>;
  /** In the order of the usernames, case folded. Eventually consistent. */
  findByPrefix(prefix: string, limit: number): Promise<User[]>;
  /** If it is still the login that was read; says whether it was. */
  changePassword(login: Login, passwordHash: string): Promise<boolean>;
  /**
   * Removes user, account, e-mail and login at once, and leaves word to erase the rest. The username stays taken.
   * False when it is no longer the login that was read.
   */
  erase(login: Login, account: Account, at: number): Promise<boolean>;
}

/** What an erased user left behind in rooms. Rooms that somebody belonged to and left are remembered for it. */
export interface ErasureStore {
  /** Rooms that the user belongs to, or is on the way out of. Eventually consistent. */
  listRooms(userId: string): Promise<string[]>;
  /** Eventually consistent. */
  listLeftRooms(userId: string): Promise<string[]>;
  /** Puts another name for the user in up to `limit` entries of a room's log, from where the last call got to. */
  renameInLog(roomId: string, userId: string, name: string, limit: number): Promise<{ done: boolean }>;
  /** Puts another name for the user on a room that they created. */
  renameCreator(roomId: string, userId: string, name: string): Promise<void>;
  forgetLeftRoom(roomId: string, userId: string): Promise<void>;
  /** Removes a membership of a room whose log is closed. */
  forgetMember(roomId: string, userId: string): Promise<void>;
  /** Leaves word to go on, as a change that is reacted to. */
  continue(userId: string, step: number): Promise<void>;
}

export interface SessionStore {
  create(session: Session): Promise<void>;
  get(userId: string, sessionId: string): Promise<Session | undefined>;
  /** Every one that is stored, also when its time has come. Consistent. */
  list(userId: string): Promise<Session[]>;
  /** Replaces the current token if it is still `fromHash`; says whether it was. */
  rotate(session: Session, fromHash: string): Promise<boolean>;
  end(userId: string, sessionId: string): Promise<void>;
}

/** Sessions that were ended while access tokens of theirs may still be good. */
export interface RevocationStore {
  revoke(sessionId: string, until: number): Promise<void>;
  isRevoked(sessionId: string): Promise<boolean>;
}

export interface Page<T, Place = string> {
  items: T[];
  /** Where the next page starts; undefined on the last. */
  next: Place | undefined;
}

/** A place in the list of public rooms. */
export interface PublicPlace {
  roomId: string;
  sortKey: string;
}

export interface RoomStore {
  /** The room with its first members; its log starts with `entries`. Throws `room_name_taken`. */
  create(room: Room, members: Member[], entries: LogEntry[]): Promise<void>;
  /** Consistent; a deleted room is not there. */
  get(roomId: string): Promise<Room | undefined>;
  /** One request for what nearly every operation needs to know. Consistent. */
  getWithMember(
    roomId: string,
    userId: string,
  ): Promise<{ room: Room; head: Head; member: Member | undefined } | undefined>;
  /**
   * The same by the room's name. `none` when no room has it, `gone` when the one that had it is deleted. One request
   * when this instance met the name before, two when it did not.
   */
  getByName(
    name: string,
    userId: string,
  ): Promise<{ room: Room; head: Head; member: Member | undefined } | 'none' | 'gone'>;
  /** By name, behind a place that an earlier page named. Eventually consistent. */
  listPublic(
    limit: number,
    after: PublicPlace | undefined,
  ): Promise<Page<Pick<Room, 'roomId' | 'name'>, PublicPlace>>;
  getMany(roomIds: string[]): Promise<Map<string, Room>>;
  /** One request for up to 50 of them. Eventually consistent. */
  getManyWithHeads(roomIds: string[]): Promise<Map<string, { room: Room; head: Head | undefined }>>;
  heads(roomIds: string[]): Promise<Map<string, Head>>;
  head(roomId: string): Promise<Head | undefined>;
  /** Stores the new name and description with the log entry. False when the seq is taken. Throws `room_name_taken`, `not_found`, `try_again` when it was renamed meanwhile. */
  update(room: Room, before: Room, entry: RoomEntry): Promise<boolean>;
  /** Hides the room and frees its name, with the log entry. False when the seq is taken. Throws `not_found`, `try_again`. */
  markDeleted(room: Room, entry: RoomEntry): Promise<boolean>;
  /** From now on new connections are spread over `to` shards, if it is still `from` of them. */
  spreadAudience(roomId: string, from: number, to: number): Promise<void>;
  /** Deletes up to `limit` of what is left of a deleted room; says whether anything may be left. */
  purge(roomId: string, limit: number): Promise<{ done: boolean }>;
  /** Leaves word to go on purging, as a change that is reacted to. */
  continuePurge(roomId: string, step: number): Promise<void>;
}

/** `seq_taken` by a tombstone; `overtaken` by a change of the members under a later seq: the entry needs another one. */
export type Unstored = 'seq_taken' | 'overtaken';

export interface MemberStore {
  get(roomId: string, userId: string): Promise<Member | undefined>;
  list(roomId: string, limit: number, after: string | undefined): Promise<Page<Member>>;
  /** The user's memberships, markers included. Eventually consistent. */
  listOfUser(userId: string): Promise<Member[]>;
  /** Of their own will; nothing happens when they belong to it already. */
  join(member: Member): Promise<void>;
  /** Together with the entry: `present` when they belong to it already. Throws `not_found` when the room is gone. */
  add(member: Member, entry: MembershipEntry): Promise<'added' | 'present' | Unstored>;
  /** From now on the user is no member to any reader; `remove` completes it. Undefined when it was none. */
  startRemoval(roomId: string, userId: string): Promise<Member | undefined>;
  /** Somebody whose removal has begun and is not complete. */
  findRemoval(roomId: string, userId: string): Promise<Member | undefined>;
  /** Completes a removal that was begun. `gone` when somebody else completed it. */
  remove(roomId: string, userId: string, entry: MembershipEntry): Promise<'removed' | 'gone' | Unstored>;
  /** Moves the marker forward. The member as it is now, and whether it moved; undefined when there is no member. */
  markRead(
    roomId: string,
    userId: string,
    marker: NonNullable<Member['lastRead']>,
  ): Promise<{ member: Member; moved: boolean } | undefined>;
}

/** What came of storing an entry under the seq that was taken for it. */
export type PutOutcome = { stored: true } | { stored: false; reason: 'seq_taken' } | DuplicateSend;

/** The send key was there already. */
export interface DuplicateSend {
  stored: false;
  reason: 'duplicate';
  seq: number;
  contentHash: string;
}

export interface LogStore {
  /** The next seq. Throws `not_found` when the room is gone. */
  takeSeq(roomId: string, forMessage: boolean, at: number): Promise<Head>;
  /** The hash keeps a repeat with other content apart from a true repeat. */
  putMessage(entry: MessageEntry, contentHash: string): Promise<PutOutcome>;
  /**
   * Stores the entry and changes the message it points at. `overtaken`: a later edit won, the entry alone must
   * be stored; `deleted`: the message was deleted meanwhile.
   */
  putEdit(entry: ChangeEntry, content: string): Promise<'stored' | 'seq_taken' | 'overtaken' | 'deleted'>;
  /** The same; `overtaken`: a later edit won, and the deletion needs a seq behind it. */
  putDeletion(entry: ChangeEntry): Promise<'stored' | 'seq_taken' | 'overtaken' | 'deleted'>;
  putChangeAlone(entry: ChangeEntry): Promise<'stored' | 'seq_taken'>;
  /** Fills a seq with a tombstone, and says so; false when an entry is there already. Throws `not_found` when the room is gone. */
  putVoid(entry: VoidEntry): Promise<boolean>;
  get(roomId: string, seq: number): Promise<LogEntry | undefined>;
  getMany(keys: { roomId: string; seq: number }[]): Promise<LogEntry[]>;
  /** Ascending, `after` < seq < `before`. Consistent. */
  range(roomId: string, after: number, before: number, limit: number): Promise<LogEntry[]>;
  /** Descending from below `before`. Consistent. */
  rangeDown(roomId: string, before: number, limit: number): Promise<LogEntry[]>;
}

export interface ConnectionStore {
  open(connection: Connection): Promise<void>;
  get(connectionId: string): Promise<Connection | undefined>;
  getMany(connectionIds: string[]): Promise<Connection[]>;
  /** Deletes it; what follows (leaving its rooms) follows from that change. */
  remove(connectionId: string): Promise<void>;
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
  extend(
    connectionId: string,
    changes: Partial<Pick<Connection, 'leaseEndsAt' | 'tokenEndsAt' | 'sessionId'>>,
  ): Promise<void>;
}

/** What lets a socket in, or keeps it out. */
export interface Admission {
  /** Undefined when the room is gone, or none was asked for. */
  sight: { room: Room; head: Head; member: Member | undefined } | undefined;
  /** As it is now; undefined when the socket is closed. */
  connection: Connection | undefined;
  isRevoked: boolean;
}

export interface AdmissionStore {
  /** In one request. Consistent. */
  get(
    connection: Pick<Connection, 'connectionId' | 'userId' | 'sessionId'>,
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

export interface LimitStore {
  /** How often the scopes were hit in the window that began at `windowStart`. */
  counts(scopes: string[], windowStart: number): Promise<number[]>;
  /** One less, where it was counted at all. */
  takeBack(scope: string, windowStart: number): Promise<void>;
  /** One more; how many there are now. */
  hit(scope: string, windowStart: number, windowMs: number): Promise<number>;
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Takes as long when there is no hash to compare with. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
  /** Made when hashing cost something else than it does now. */
  isOutdated(hash: string): boolean;
}

export interface RefreshClaims {
  userId: string;
  sessionId: string;
  tokenId: string;
}

export interface Tokens {
  access(caller: Omit<Caller, 'tokenEndsAt'>, now: number): Promise<string>;
  refresh(claims: RefreshClaims, issuedAt: number, endsAt: number): Promise<string>;
  /** Throws `unauthorized`. */
  verifyAccess(token: string, now: number): Promise<Caller>;
  /** Throws `invalid_refresh_token`. */
  verifyRefresh(token: string, now: number): Promise<RefreshClaims>;
}

/** Tells what this server gave out from what somebody made up. */
export interface CursorSeal {
  sign(scope: string, place: string): Promise<string>;
  verify(scope: string, place: string, seal: string): Promise<boolean>;
}

/** One-way fingerprint of a secret or a content, URL-safe. */
export type Fingerprint = (text: string) => string;
