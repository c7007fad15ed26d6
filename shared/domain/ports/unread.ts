/** The seqs that unread counts leave out, as the domain needs them from storage. */
import type { Head, SeqSet } from '../model/rooms.ts';

export interface UnreadStore {
  /** Returns the room's head and the seqs of the user's own messages; undefined when the room is gone. Consistent. */
  getHead(roomId: string, userId: string): Promise<{ head: Head; own: SeqSet } | undefined>;
  /**
   * Returns the same for several rooms by room id, without rooms that are gone. Eventually consistent; one request for each
   * 50 rooms.
   */
  getHeads(userId: string, roomIds: string[]): Promise<Map<string, { head: Head; own: SeqSet }>>;
  /**
   * Returns the own seqs of a user by room, without rooms in which the user wrote nothing. Eventually consistent; one
   * request for each 100 rooms.
   */
  getOwn(userId: string, roomIds: string[]): Promise<Map<string, SeqSet>>;
  /** Returns the own seqs of users in one room, without users who wrote nothing. Consistent. */
  getOwnOfUsers(roomId: string, userIds: string[]): Promise<Map<string, SeqSet>>;
  /** Returns the archived own seqs after `after`, and some before. Reads at most 1 MB, the newest first. */
  listArchivedOwn(roomId: string, userId: string, after: number): Promise<number[]>;
  /** Returns the archived seqs of deleted messages and void entries in the same way. */
  listArchivedDead(roomId: string, after: number): Promise<number[]>;
  /** Adds the seq of a message that the user stored. Has no effect when it is repeated. */
  addOwn(roomId: string, userId: string, seq: number): Promise<SeqSet>;
  /** Moves the oldest own seqs to the archive. May be repeated and interrupted anywhere. */
  archiveOwn(roomId: string, userId: string, own: SeqSet): Promise<void>;
  /** Moves the oldest seqs of deleted messages and void entries to the archive in the same way. */
  archiveDead(roomId: string, dead: SeqSet): Promise<void>;
}
