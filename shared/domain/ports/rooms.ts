/** Rooms and their members, as the domain needs them from storage. */
import type { LogEntry, MembershipEntry, RoomEntry } from '../model/log.ts';
import type { Head, Member, Room } from '../model/rooms.ts';
import type { Page } from './page.ts';

/** A place in the list of public rooms. */
export interface PublicPlace {
  roomId: string;
  sortKey: string;
}

export interface RoomStore {
  /**
   * Stores a room with its first members and the first entries of its log.
   * @throws ChatError `room_name_taken`
   */
  create(room: Room, members: Member[], entries: LogEntry[]): Promise<void>;
  /** Returns undefined for a deleted room, too. Consistent. */
  get(roomId: string): Promise<Room | undefined>;
  /** Returns what nearly every operation on a room needs. Consistent; one request. */
  getWithMember(
    roomId: string,
    userId: string,
  ): Promise<{ room: Room; head: Head; member: Member | undefined } | undefined>;
  /**
   * Returns the same by the room's name or a former name. `none`: the name leads to no room; `gone`: its room is deleted;
   * `lookalike`: no room may have it. One request when this environment has cached the name, otherwise two.
   */
  getByName(
    name: string,
    userId: string,
  ): Promise<{ room: Room; head: Head; member: Member | undefined } | 'none' | 'gone' | 'lookalike'>;
  /** Returns the room that the name led to when this environment last read it; the room may be renamed or gone. */
  cachedRoomId(name: string): string | undefined;
  /** Returns public rooms by name, after a place that an earlier page returned. Eventually consistent. */
  listPublic(
    limit: number,
    after: PublicPlace | undefined,
  ): Promise<Page<PublicPlace & Pick<Room, 'name'>, PublicPlace>>;
  /** Eventually consistent. */
  getMany(roomIds: string[]): Promise<Map<string, Room>>;
  /** Eventually consistent; one request for each 50 rooms. */
  getManyWithHeads(roomIds: string[]): Promise<Map<string, { room: Room; head: Head | undefined }>>;
  /** Eventually consistent by default; one request for each 100 rooms. */
  heads(roomIds: string[], options?: { consistent: boolean }): Promise<Map<string, Head>>;
  head(roomId: string): Promise<Head | undefined>;
  /**
   * Stores a new name and description with the log entry. The old name stays reserved, or leads to the room. Returns
   * false when the seq of the entry is taken.
   * @throws ChatError `room_name_taken`, `not_found`, `try_again` when the room was renamed since it was read
   */
  update(room: Room, before: Room, entry: RoomEntry): Promise<boolean>;
  /**
   * Hides a room, with the log entry. Its name becomes free, or stays reserved if the room was private. Returns false
   * when the seq of the entry is taken.
   * @throws ChatError `not_found`, `try_again` when the room was renamed since it was read
   */
  markDeleted(room: Room, entry: RoomEntry): Promise<boolean>;
  /** Raises the number of shards to `to` if it is still `from`. */
  addShards(roomId: string, from: number, to: number): Promise<void>;
  /** Deletes up to `limit` items of a deleted room. Returns whether all of them are gone. */
  purge(roomId: string, limit: number): Promise<{ done: boolean }>;
}

/** The entry needs another seq: a void entry has this one, or a change of the members was stored under a later one. */
export type Unstored = 'seq_taken' | 'overtaken';

export interface MemberStore {
  get(roomId: string, userId: string): Promise<Member | undefined>;
  /** Returns those of the users who are members. Consistent; one request for each 100. */
  getMany(roomId: string, userIds: string[]): Promise<Member[]>;
  list(roomId: string, limit: number, after: string | undefined): Promise<Page<Member>>;
  /** Returns a user's memberships with their read markers by room id, after that room. Eventually consistent. */
  listOfUser(userId: string, limit: number, after: string | undefined): Promise<Page<Member>>;
  /** Stores a member who joins a public room. Has no effect when the user is a member. */
  join(member: Member): Promise<void>;
  /**
   * Stores a member with the log entry. `present`: the user is a member already.
   * @throws ChatError `not_found` when the room is gone
   */
  add(member: Member, entry: MembershipEntry): Promise<'added' | 'present' | Unstored>;
  /**
   * Begins the removal of a member, who counts as no member from then on; `remove` completes it. Returns undefined when the
   * user is no member.
   * @throws ChatError `forbidden` for the owner, unless `evenOwner`. The write itself checks it, because the role may have
   * been passed to the user a moment ago.
   */
  startRemoval(roomId: string, userId: string, options?: { evenOwner: boolean }): Promise<Member | undefined>;
  /**
   * Passes the owner's role to a successor, with the log entry. `successor_gone`: the successor is no member or is being
   * removed; `passed_before`: the user who passes the role is not the owner.
   * @throws ChatError `not_found` when the room is gone
   */
  passRole(
    role: { roomId: string; from: string; to: string },
    entry: MembershipEntry,
  ): Promise<'passed' | 'successor_gone' | 'passed_before' | Unstored>;
  /** Returns a member whose removal has begun and is not complete. */
  findRemoval(roomId: string, userId: string): Promise<Member | undefined>;
  /** Completes a removal that has begun. `gone`: it was completed by another invocation. */
  remove(roomId: string, userId: string, entry: MembershipEntry): Promise<'removed' | 'gone' | Unstored>;
  /** Moves the read marker forward. Returns the member afterwards and whether it moved; undefined for no member. */
  markRead(
    roomId: string,
    userId: string,
    marker: NonNullable<Member['lastRead']>,
  ): Promise<{ member: Member; moved: boolean } | undefined>;
  /**
   * Moves the read marker of that member back and stores how far they had read, unless the marker has moved since. Returns
   * the member afterwards, if they still are one.
   */
  markUnread(
    member: Member,
    marker: NonNullable<Member['lastRead']>,
    furthest: NonNullable<Member['furthestRead']>,
  ): Promise<{ moved: boolean; member: Member | undefined }>;
}

/** Seals cursors, so that a client can use only those that it has received. */
export interface CursorSeal {
  sign(scope: string, place: string): Promise<string>;
  verify(scope: string, place: string, seal: string): Promise<boolean>;
}
