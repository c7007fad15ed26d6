/** Compares what every client recorded with what the table holds. It shares no code with what is tested. */

import type { ChatEvent } from './harness/plain-client.ts';
import type { Counts } from './harness/scenario.ts';
import type { RawEntry, TableReader } from './harness/table-reader.ts';

export interface Sent {
  userId: string;
  /** Different for every message that is sent. */
  content: string;
  clientId?: string;
}

export interface Acknowledgement {
  userId: string;
  clientId?: string | undefined;
  seq: number;
  messageId: string;
  duplicate: boolean;
}

/** What one client knows of a room in the end. */
export interface View {
  /** The last event that the client received for each seq, live or in a history. */
  seen: ReadonlyMap<number, ChatEvent>;
  /** Entries up to this seq are not expected of the client; 0 when all are. */
  since: number;
  /** The client shows messages only, and no other entries. */
  onlyMessages?: boolean;
}

export interface RoomEvidence {
  roomId: string;
  sent: readonly Sent[];
  acknowledgements: readonly Acknowledgement[];
  views: readonly View[];
}

const kindsOf: Record<string, readonly string[]> = {
  chat_message: ['message'],
  message_edited: ['edit'],
  // An edit whose message has been deleted since is sent as a deletion.
  message_deleted: ['delete', 'edit'],
  member_added: ['member_added'],
  member_updated: ['member_updated'],
  member_removed: ['member_removed'],
  room_updated: ['room_updated'],
  room_deleted: ['room_deleted'],
};

/** Reads the room as it is now and counts the violations in it and in what its clients received. */
export async function checkRoom(table: TableReader, evidence: RoomEvidence): Promise<Counts> {
  const { roomId, sent, acknowledgements, views } = evidence;
  const [log, head] = await Promise.all([table.logOf(roomId), table.headOf(roomId)]);
  const entries = new Map(log.map((entry) => [entry.seq, entry]));
  const messages = log.filter(({ kind }) => kind === 'message');
  const visible = log.filter(({ kind }) => kind !== 'void');
  const last = Number(head?.['seq'] ?? 0);
  return {
    done: {
      sent: sent.length,
      acknowledged: acknowledgedOf(acknowledgements),
      stored: messages.length,
      voidEntries: log.length - visible.length,
      seen: views.reduce((sum, { seen }) => sum + seen.size, 0),
    },
    wrong: {
      lost: acknowledgements.filter((ack) => isLost(entries.get(ack.seq), ack, sent)).length,
      doubled: messages.length - new Set(messages.map(identityOf)).size,
      neverSent: countNeverSent(messages, sent),
      differentAnswers: countDifferingAnswers(acknowledgements),
      unfilled: last - log.filter(({ seq }) => seq <= last).length,
      beyondHead: log.filter(({ seq }) => seq > last).length,
      miscounted: Math.abs(Number(head?.['taken']) - Number(head?.['voids'] ?? 0) - messages.length),
      missed: views.reduce((sum, view) => sum + countMissed(visible, view), 0),
      outOfOrder: views.reduce((sum, view) => sum + countMisplaced(entries, view), 0),
    },
  };
}

/** A content is sent once, and so is a client id. The content of a message may have been edited since. */
function identityOf(entry: RawEntry): string {
  return `${entry['user_id']} ${entry['client_id'] ?? entry['content'] ?? entry.seq}`;
}

function acknowledgedOf(acknowledgements: readonly Acknowledgement[]): number {
  return new Set(acknowledgements.map(({ userId, seq }) => `${userId} ${seq}`)).size;
}

/** Whether the acknowledged message is missing, or differs from what was sent. */
function isLost(entry: RawEntry | undefined, ack: Acknowledgement, sent: readonly Sent[]): boolean {
  if (entry?.kind !== 'message' || entry['user_id'] !== ack.userId) return true;
  if (ack.clientId === undefined) return false;
  if (entry['client_id'] !== ack.clientId) return true;
  const original = sent.find(({ userId, clientId }) => userId === ack.userId && clientId === ack.clientId);
  const isChanged = entry['edited_at'] !== undefined || entry['deleted_at'] !== undefined;
  return original === undefined || (!isChanged && original.content !== entry['content']);
}

/** Counts messages that no client sent in that form. */
function countNeverSent(messages: readonly RawEntry[], sent: readonly Sent[]): number {
  const known = new Set(sent.map(({ userId, clientId, content }) => `${userId} ${clientId} ${content}`));
  return messages.filter(
    (entry) =>
      entry['edited_at'] === undefined &&
      entry['deleted_at'] === undefined &&
      !known.has(`${entry['user_id']} ${entry['client_id']} ${entry['content']}`),
  ).length;
}

/** Counts client ids that were answered with more than one message. */
function countDifferingAnswers(acknowledgements: readonly Acknowledgement[]): number {
  const answers = new Map<string, Set<string>>();
  for (const { userId, clientId, seq, messageId } of acknowledgements) {
    if (clientId === undefined) continue;
    const key = `${userId} ${clientId}`;
    answers.set(key, (answers.get(key) ?? new Set()).add(`${seq} ${messageId}`));
  }
  return [...answers.values()].filter(({ size }) => size > 1).length;
}

function countMissed(visible: readonly RawEntry[], { seen, since, onlyMessages = false }: View): number {
  return visible.filter(
    ({ seq, kind }) => seq > since && !seen.has(seq) && (kind === 'message' || !onlyMessages),
  ).length;
}

/** Counts events whose seq belongs to no entry, or to another one. */
function countMisplaced(entries: ReadonlyMap<number, RawEntry>, { seen }: View): number {
  return [...seen].filter(([seq, event]) => !isSame(entries.get(seq), event)).length;
}

function isSame(entry: RawEntry | undefined, event: ChatEvent): boolean {
  if (entry === undefined || kindsOf[event.type]?.includes(entry.kind) !== true) return false;
  if (event.type !== 'chat_message') return true;
  if (entry['user_id'] !== event['sender_id']) return false;
  const isChanged = entry['edited_at'] !== undefined || entry['deleted_at'] !== undefined;
  return isChanged || entry['content'] === event['message'];
}
