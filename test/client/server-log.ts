/** A model of the server's log of one room: entries with seqs, gaps, and answers to `history`. */
import type { Message } from '../../shared/contract/entities.ts';
import type { EventOf } from '../../shared/contract/websocket/events.ts';
import type { HistoryRequest, LogEvent } from '../../client/src/room-log.ts';
import { deletedContent } from '../../shared/contract/wire-constants.ts';

export type Step =
  | { kind: 'message' }
  | { kind: 'edit'; target: number }
  | { kind: 'delete'; target: number }
  | { kind: 'member' }
  | { kind: 'void' }
  /** An entry of a kind that only later releases know. */
  | { kind: 'unknown' }
  /** A seq without an entry, until `fillGaps` makes it a message or void. */
  | { kind: 'gap'; becomesMessage: boolean };

type Entry = LogEvent | 'void' | { becomesMessage: boolean };

const roomId = '00000000-0000-4000-8000-000000000000';
const isoTime = (seq: number): string => new Date(1_800_000_000_000 + seq * 1_000).toISOString();

export class ServerLog {
  /** The number of entries, void ones included, that the server reads for one answer. */
  entriesPerAnswer = Number.POSITIVE_INFINITY;
  private readonly entries: Entry[] = [];
  private readonly messages = new Map<number, Message>();

  get head(): number {
    return this.entries.length;
  }

  /** Writes an entry. Returns the event that the subscribers of the room receive, if there is one. */
  write(step: Step): LogEvent | undefined {
    const seq = this.entries.length + 1;
    const entry = this.entryOf(step, seq);
    this.entries.push(entry);
    return typeof entry === 'object' && 'type' in entry ? entry : undefined;
  }

  /** Fills all gaps. Returns the events that the subscribers receive. */
  fillGaps(): LogEvent[] {
    return this.entries.flatMap((entry, index) => {
      if (typeof entry !== 'object' || !('becomesMessage' in entry)) return [];
      const filled = entry.becomesMessage ? this.message(index + 1) : 'void';
      this.entries[index] = filled;
      return filled === 'void' ? [] : [filled];
    });
  }

  /** Returns what the server sends for a `join` or `history`. */
  answer(request: HistoryRequest): { events: LogEvent[]; end: EventOf<'history_end'> } {
    return request.kind === 'after' ? this.entriesAfter(request.after, request.limit) : this.newest(request);
  }

  /** Returns the messages as the server has them. */
  view(): Message[] {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  /** Returns the messages as clients show them: a deleted message has no `edited_at`. */
  shown(): Message[] {
    return this.view().map((message) => (message.is_deleted ? { ...message, edited_at: null } : message));
  }

  private entriesAfter(after: number, limit: number) {
    const read = this.entries.slice(after, after + this.entriesPerAnswer);
    const all = read.filter((entry): entry is LogEvent => this.isVisible(entry));
    const events = all.slice(0, limit).map((entry) => this.present(entry));
    const isFull = all.length > limit;
    const reached = after + read.length;
    const isCut = !isFull && reached < this.head;
    const last = isFull ? (events.at(-1)?.seq ?? after) : reached;
    return {
      events,
      end: {
        ...endOf(isFull || isCut),
        first_seq: events.length === 0 && !isCut ? null : after + 1,
        // A page that is not the last one does not tell of gaps after it.
        head: this.lastBeforeGap(after, last) ?? (isCut ? reached : this.head),
      },
    };
  }

  private newest(request: Exclude<HistoryRequest, { kind: 'after' }>) {
    const before = request.kind === 'before' ? request.before : Number.POSITIVE_INFINITY;
    const from = Math.max(1, Math.min(before, this.head + 1) - this.entriesPerAnswer);
    const all = this.view().filter(({ seq }) => seq >= from && seq < before);
    const page = all.slice(-request.limit);
    const isCut = all.length === page.length && from > 1;
    const hasMore = all.length > page.length || isCut;
    const first = isCut ? from : (page[0]?.seq ?? null);
    const low = hasMore ? (first ?? 1) - 1 : 0;
    return {
      events: page.map(toEvent),
      end: {
        ...endOf(hasMore),
        first_seq: hasMore ? first : this.head === 0 ? null : 1,
        head: request.kind === 'before' ? this.head : (this.lastBeforeGap(low, this.head) ?? this.head),
      },
    };
  }

  private lastBeforeGap(low: number, high: number): number | undefined {
    const index = this.entries.findIndex(
      (entry, position) =>
        position >= low && position < high && typeof entry === 'object' && 'becomesMessage' in entry,
    );
    return index === -1 ? undefined : index;
  }

  private entryOf(step: Step, seq: number): Entry {
    if (step.kind === 'message') return this.message(seq);
    if (step.kind === 'void') return 'void';
    if (step.kind === 'unknown')
      return { type: 'of_a_later_release', message_id: 'm1', room_id: roomId, seq } as unknown as LogEvent;
    if (step.kind === 'gap') return { becomesMessage: step.becomesMessage };
    if (step.kind === 'member') {
      return { type: 'member_removed', room_id: roomId, seq, member: { id: roomId, username: 'bob' } };
    }
    const alive = this.view().filter(({ is_deleted }) => !is_deleted);
    const target = alive[step.target % Math.max(1, alive.length)];
    if (target === undefined) return 'void';
    const { message_id } = target;
    const deleted = { ...target, content: deletedContent, is_deleted: true };
    const edited = { ...target, content: `edited at ${seq}`, edited_at: isoTime(seq) };
    this.messages.set(target.seq, step.kind === 'delete' ? deleted : edited);
    if (step.kind === 'delete') return { type: 'message_deleted', message_id, room_id: roomId, seq };
    return this.present({
      type: 'message_edited',
      message_id,
      room_id: roomId,
      seq,
      new_content: '',
      edited_at: '',
      sender_id: target.sender_id,
      sender_username: 'ann',
    });
  }

  private message(seq: number): LogEvent {
    const message: Message = {
      message_id: `m${seq}`,
      room_id: roomId,
      seq,
      sender_id: roomId,
      sender_username: 'ann',
      content: `message ${seq}`,
      timestamp: isoTime(seq),
      edited_at: null,
      is_deleted: false,
    };
    this.messages.set(seq, message);
    return toEvent(message);
  }

  /** Fills in the current content of the message, as the server does when it reads the log. */
  private present(entry: LogEvent): LogEvent {
    if (entry.type === 'chat_message') return toEvent(this.messages.get(entry.seq) as Message);
    if (entry.type !== 'message_edited') return entry;
    const target = this.view().find(({ message_id }) => message_id === entry.message_id) as Message;
    const { message_id, room_id, seq } = entry;
    if (target.is_deleted) return { type: 'message_deleted', message_id, room_id, seq };
    return { ...entry, new_content: target.content, edited_at: target.edited_at as string };
  }

  private isVisible(entry: Entry): entry is LogEvent {
    return typeof entry === 'object' && 'type' in entry;
  }
}

const endOf = (hasMore: boolean) => ({
  type: 'history_end' as const,
  room_id: roomId,
  has_more: hasMore,
  recovered: true,
});

export function toEvent({ content: message, ...rest }: Message): EventOf<'chat_message'> {
  return { type: 'chat_message', message, ...rest };
}
