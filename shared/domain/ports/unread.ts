/** What unread counts ask of the world: which seqs of a room they leave out. */
import type { Head, SeqSet } from '../model.ts';

export interface UnreadStore {
  /** The room's head with the seqs of the user's own messages. Consistent; undefined when the room is gone. */
  getHead(roomId: string, userId: string): Promise<{ head: Head; own: SeqSet } | undefined>;
  /** Own seqs by room, without the rooms that the user wrote nothing in. One request for each 100 rooms; eventually consistent. */
  getOwn(userId: string, roomIds: string[]): Promise<Map<string, SeqSet>>;
  /** Archived seqs above `after`, and some below. At most 1 MB is read, from the newest on. */
  listArchivedOwn(roomId: string, userId: string, after: number): Promise<number[]>;
  listArchivedDead(roomId: string, after: number): Promise<number[]>;
  /** Adds the seq of a stored message of the user's; adding it again changes nothing. */
  addOwn(roomId: string, userId: string, seq: number): Promise<SeqSet>;
  /** Moves the oldest of the seqs to the archive. Can be repeated, and be interrupted anywhere. */
  archiveOwn(roomId: string, userId: string, own: SeqSet): Promise<void>;
  archiveDead(roomId: string, dead: SeqSet): Promise<void>;
}
