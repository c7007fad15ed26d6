/** What the rules of chat ask of the world about a room's log. */
import type { ChangeEntry, Head, LogEntry, MessageEntry, VoidEntry } from '../model.ts';

/** What came of storing an entry under the seq that was taken for it. */
export type PutOutcome = { stored: true } | { stored: false; reason: 'seq_taken' } | DuplicateSend;

/** The send key was there already. */
export interface DuplicateSend {
  stored: false;
  reason: 'duplicate';
  seq: number;
  contentHash: string;
}

/** A send that carries an idempotency key. */
export interface HashedSend {
  roomId: string;
  userId: string;
  clientId: string;
  content: string;
}

/** What a send key keeps of the content. Of no use to a reader of the table, who has no key. */
export interface ContentHashes {
  hash(send: HashedSend): Promise<string>;
  /** Whether the stored hash is of this send. */
  matches(stored: string, send: HashedSend): Promise<boolean>;
}

export interface SeqPurpose {
  forMessage: boolean;
  endsRight?: boolean;
}

export interface LogStore {
  /**
   * The next seq. `endsRight` when a user loses a right by what it is taken for: the head's `rightsSeq` becomes that seq.
   * Throws `not_found` when the room is gone.
   */
  takeSeq(roomId: string, purpose: SeqPurpose, at: number): Promise<Head>;
  /** The hash keeps a repeat with other content apart from a true repeat; it is not used without a `client_id`. */
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
  /** The same for neighbouring seqs of a room: all of them, or none when an entry stands under any. At most 90. */
  putVoids(entries: VoidEntry[]): Promise<boolean>;
  get(roomId: string, seq: number): Promise<LogEntry | undefined>;
  /** Consistent unless told otherwise. */
  getMany(keys: { roomId: string; seq: number }[], options?: { consistent: boolean }): Promise<LogEntry[]>;
  /** Ascending, `after` < seq < `before`. Consistent. */
  range(roomId: string, after: number, before: number, limit: number): Promise<LogEntry[]>;
  /** Descending from below `before`. Consistent. */
  rangeDown(roomId: string, before: number, limit: number): Promise<LogEntry[]>;
}
