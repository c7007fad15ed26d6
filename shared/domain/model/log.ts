/** The entries of a room's log, as they are stored. Times are milliseconds since 1970. */
import type { Member, Room } from './rooms.ts';
import type { CheckedUpload, Upload } from './uploads.ts';

/** The fields that all entries of a log have. */
interface EntryBase {
  roomId: string;
  seq: number;
  at: number;
  /** `Head.messageSeqs` after this entry took its seq. */
  messageSeqs: number;
  /**
   * Whether the table stream's function publishes the entry, because its writer does not; `inbox`: the writer publishes it,
   * and the function only sees to it that watched inboxes learn of it; `files`: the function only sees to its files. It sees to
   * them whatever the mark is.
   */
  outbox: boolean | 'inbox' | 'files';
}

/** A file that a message shows: the facts of the upload that it was. */
export type Attachment = Pick<Upload, 'uploadKey' | 'name' | 'alt'> & CheckedUpload;

/** A file that was an attachment, and is to be removed. */
export type RemovedFile = Pick<Attachment, 'uploadKey' | 'folder'>;

/** A message with its current content. */
export interface MessageEntry extends EntryBase {
  kind: 'message';
  userId: string;
  username: string;
  content: string;
  clientId?: string;
  editedAtMs?: number;
  /** The seq of the edit that the content comes from. */
  editSeq?: number;
  /** Absent when there are none, and when the message was deleted. */
  attachments?: Attachment[];
  /** The attachments that an erasure has taken from the message, until their files are removed. */
  removedFiles?: RemovedFile[];
  isDeleted: boolean;
}

/**
 * An edit or deletion. It holds no content but points at the message, so that a deletion leaves no copy in
 * the log.
 */
export interface ChangeEntry extends EntryBase {
  kind: 'edit' | 'delete';
  targetSeq: number;
  userId: string;
  username: string;
  /** Of the deletion of a message with attachments. */
  removedFiles?: RemovedFile[];
}

/** A member as of one entry, with the seq that they had read. */
export type MemberRecord = Omit<Member, 'lastRead' | 'furthestRead'> & {
  lastRead?: Pick<NonNullable<Member['lastRead']>, 'seq'>;
};

/** A change of a room's members. */
export interface MembershipEntry extends EntryBase {
  kind: 'member_added' | 'member_updated' | 'member_removed';
  member: MemberRecord;
}

/** A change of the room itself. */
export interface RoomEntry extends EntryBase {
  kind: 'room_updated' | 'room_deleted';
  /** The room as of this entry. */
  room: Room;
  /** How many messages the room had, deleted ones included. */
  messageCount: number;
}

/**
 * Fills the gap that a writer left when it took a seq and stored no entry. No client sees it. An entry of a kind that only
 * later releases know is read as one.
 */
export interface VoidEntry extends EntryBase {
  kind: 'void';
  /** Whether `Head.messageSeqs` had counted the seq as a message. */
  wasMessage: boolean;
  /** The author of an entry of a later release, whose name an erasure replaces. */
  userId?: string;
}

export type LogEntry = MessageEntry | ChangeEntry | MembershipEntry | RoomEntry | VoidEntry;
