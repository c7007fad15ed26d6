/** What the rules of chat ask of the world about rooms and those who belong to them. */
import type { Head, LogEntry, Member, MembershipEntry, Room, RoomEntry } from '../model.ts';
import type { Page } from './page.ts';

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
   * The same by the room's name, or by one that it had before. `none` when it leads to no room, `gone` when the one that
   * had it is deleted, `lookalike` when no room may get it. One request when this instance met the name before, two when
   * it did not.
   */
  getByName(
    name: string,
    userId: string,
  ): Promise<{ room: Room; head: Head; member: Member | undefined } | 'none' | 'gone' | 'lookalike'>;
  /** Where the name led when this instance met it last; the room may have another name by now, or be gone. */
  cachedRoomId(name: string): string | undefined;
  /** By name, behind a place that an earlier page named. Eventually consistent. */
  listPublic(
    limit: number,
    after: PublicPlace | undefined,
  ): Promise<Page<PublicPlace & Pick<Room, 'name'>, PublicPlace>>;
  /** Eventually consistent. */
  getMany(roomIds: string[]): Promise<Map<string, Room>>;
  /** One request for up to 50 of them. Eventually consistent. */
  getManyWithHeads(roomIds: string[]): Promise<Map<string, { room: Room; head: Head | undefined }>>;
  /** In one request for each 100. Eventually consistent unless told otherwise. */
  heads(roomIds: string[], options?: { consistent: boolean }): Promise<Map<string, Head>>;
  head(roomId: string): Promise<Head | undefined>;
  /** Stores the new name and description with the log entry; the old name rests, or leads here. False when the seq is taken. Throws `room_name_taken`, `not_found`, `try_again` when it was renamed meanwhile. */
  update(room: Room, before: Room, entry: RoomEntry): Promise<boolean>;
  /** Hides the room, with the log entry. Its name is free, or rests where the room was private. False when the seq is taken. Throws `not_found`, `try_again`. */
  markDeleted(room: Room, entry: RoomEntry): Promise<boolean>;
  /** From now on new connections are spread over `to` shards, if it is still `from` of them. */
  addShards(roomId: string, from: number, to: number): Promise<void>;
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
  /** The user's memberships by room id, markers included, behind that room. Eventually consistent. */
  listOfUser(userId: string, limit: number, after: string | undefined): Promise<Page<Member>>;
  /** Of their own will; nothing happens when they belong to it already. */
  join(member: Member): Promise<void>;
  /** Together with the entry: `present` when they belong to it already. Throws `not_found` when the room is gone. */
  add(member: Member, entry: MembershipEntry): Promise<'added' | 'present' | Unstored>;
  /**
   * From now on the user is no member to any reader; `remove` completes it. Undefined when it was none. Throws
   * `forbidden` for the owner, unless `evenOwner`: judged in the write itself, since the role
   * may have been passed on to them a moment ago.
   */
  startRemoval(roomId: string, userId: string, options?: { evenOwner: boolean }): Promise<Member | undefined>;
  /**
   * Passes the owner's role on, together with the entry. `heir_gone` when the heir is no member any more, or on the
   * way out; `passed_before` when the one it is taken from does not hold it. Throws `not_found` when the room is gone.
   */
  passRole(
    role: { roomId: string; from: string; to: string },
    entry: MembershipEntry,
  ): Promise<'passed' | 'heir_gone' | 'passed_before' | Unstored>;
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

/** Tells what this server gave out from what somebody made up. */
export interface CursorSeal {
  sign(scope: string, place: string): Promise<string>;
  verify(scope: string, place: string, seal: string): Promise<boolean>;
}
