/** The log of a room, as the domain needs it from storage. */
import type { ChangeEntry, LogEntry, MessageEntry, VoidEntry } from '../model/log.ts';
import type { Head } from '../model/rooms.ts';

/** The outcome of storing a message under the seq that was taken for it. */
export type PutOutcome =
  | { stored: true }
  | { stored: false; reason: 'seq_taken' }
  /** An attachment has been sent with another message, or can no longer be sent. */
  | { stored: false; reason: 'attachments_taken' }
  | DuplicateSend;

/** What a send key says about the message that was stored with it. */
export interface StoredSend {
  seq: number;
  contentHash: string;
}

/** The send key existed already: the message was sent before, with that seq and content. */
export interface DuplicateSend extends StoredSend {
  stored: false;
  reason: 'duplicate';
}

/** A send with an idempotency key. */
export interface HashedSend {
  roomId: string;
  userId: string;
  clientId: string;
  content: string;
  /** The ids of the attachments, if there are any. */
  attachmentIds?: readonly string[];
}

/** Keyed hashes of content for send keys, so that a reader of the table without the key cannot guess the content. */
export interface ContentHashes {
  hash(send: HashedSend): Promise<string>;
  /** Returns whether the stored hash is that of this send. */
  matches(stored: string, send: HashedSend): Promise<boolean>;
}

export interface SeqPurpose {
  forMessage: boolean;
  /** A user loses a right by the entry: the head's `rightsSeq` becomes its seq. */
  endsRight?: boolean;
}

export interface LogStore {
  /**
   * Takes the next seq of a room's log, and returns the head at that seq.
   * @throws ChatError `not_found` when the room is gone
   */
  takeSeq(roomId: string, purpose: SeqPurpose, at: number): Promise<Head>;
  /**
   * Stores a message, with its send key if it has a `client_id`, and attaches its attachments, all or nothing. The hash tells a repeat from another send with the same
   * `client_id`; it is not stored without one.
   * @throws ChatError `try_again` when another send with the same `client_id` was being stored
   */
  putMessage(entry: MessageEntry, contentHash: string): Promise<PutOutcome>;
  /**
   * Stores an edit and changes the message. `overtaken`: a later edit was stored first, so only the entry must be stored;
   * `deleted`: the message has been deleted.
   */
  putEdit(entry: ChangeEntry, content: string): Promise<'stored' | 'seq_taken' | 'overtaken' | 'deleted'>;
  /**
   * Stores a deletion and removes the message's content. `overtaken`: a later edit was stored first, so the deletion needs
   * a seq after it.
   * @throws ChatError `not_found` when the room is gone
   */
  putDeletion(entry: ChangeEntry): Promise<'stored' | 'seq_taken' | 'overtaken' | 'deleted'>;
  /** Stores an edit that was overtaken, without changing the message. */
  putChangeAlone(entry: ChangeEntry): Promise<'stored' | 'seq_taken'>;
  /**
   * Fills up to 90 seqs of one room with void entries. Fills none, and returns false, when one of them has an entry.
   * @throws ChatError `not_found` when the room is gone
   */
  putVoids(entries: VoidEntry[]): Promise<boolean>;
  /** Returns what a send with that `client_id` has stored; undefined when there was none in the last days. */
  findSend(send: Pick<HashedSend, 'roomId' | 'userId' | 'clientId'>): Promise<StoredSend | undefined>;
  get(roomId: string, seq: number): Promise<LogEntry | undefined>;
  /** Consistent by default. */
  getMany(keys: { roomId: string; seq: number }[], options?: { consistent: boolean }): Promise<LogEntry[]>;
  /** Returns entries with `after` < seq < `before`, ascending. Consistent. */
  range(roomId: string, after: number, before: number, limit: number): Promise<LogEntry[]>;
  /** Returns entries with seq < `before`, descending. Consistent. */
  rangeDown(roomId: string, before: number, limit: number): Promise<LogEntry[]>;
}
