/**
 * A client that knows the protocol and nothing else: what it heard of each room, folded in the order of seq, how far
 * it is without a gap, and what it asks for when there is one.
 */
import type { Event } from './real-chat.ts';

export interface SeenMessage {
  seq: number;
  senderId: string;
  content: string;
  isEdited: boolean;
  isDeleted: boolean;
}

export interface PureClient {
  /** The last seq up to which nothing is missing; undefined before the first `history_end`. */
  seen(room: string): number | undefined;
  /** Takes an event; gives the command that it makes necessary, if any. */
  take(event: Event): Event | undefined;
  /** The rooms' events are awaited with the next `history_end`: the newest messages, or those after a seq. */
  expectHistory(room: string, after: number | undefined): void;
  /** Something of the room was asked for, and not answered yet. */
  isWaiting(room: string): boolean;
  /** Whatever was asked for and not answered is not waited for any more. */
  giveUpWaiting(): void;
  messages(room: string): Map<string, SeenMessage>;
}

interface RoomView {
  seen: number | undefined;
  /** Of the log, by seq. */
  entries: Map<number, Event>;
  /** The `after` of an answer that is awaited; null for the newest messages. */
  awaited: number | null | undefined;
  /** The furthest seq that was heard of. */
  furthest: number;
  /** Up to here, messages were told as all changes had left them. */
  base: number;
}

/** As many as an answer holds, so that a client knows where a full page ended. */
const pageSize = 100;

export function pureClient(): PureClient {
  const rooms = new Map<string, RoomView>();
  const viewOf = (room: string): RoomView => {
    const view = rooms.get(room) ?? {
      seen: undefined,
      entries: new Map(),
      awaited: undefined,
      furthest: 0,
      base: 0,
    };
    rooms.set(room, view);
    return view;
  };

  function advance(view: RoomView): void {
    while (view.seen !== undefined && view.entries.has(view.seen + 1)) view.seen += 1;
  }

  function ask(room: string, view: RoomView): Event | undefined {
    if (view.seen === undefined || view.awaited !== undefined || view.furthest <= view.seen) return undefined;
    view.awaited = view.seen;
    return { type: 'history', room_id: room, after: view.seen, limit: pageSize };
  }

  function endHistory(view: RoomView, event: Event): void {
    const after = view.awaited;
    const [head, firstSeq] = [event['head'] as number, event['first_seq'] as number | null];
    view.furthest = Math.max(view.furthest, head);
    // Not what was asked for: a welcome that was sent twice, say.
    if (after === undefined || (after !== null && firstSeq !== null && firstSeq !== after + 1)) return;
    view.awaited = undefined;
    if (after === null) {
      // The newest messages: whatever is below the head and was not told changes nothing any more.
      view.base = head;
      view.seen = Math.max(view.seen ?? 0, view.base);
      for (const [seq, entry] of view.entries) if (isFolded(view, seq, entry)) view.entries.delete(seq);
    } else if (event['has_more'] === true) {
      const page = [...view.entries.keys()].filter((seq) => seq > after).sort((a, b) => a - b);
      view.seen = Math.max(view.seen ?? 0, page[pageSize - 1] ?? after);
      view.furthest = Math.max(view.furthest, view.seen + 1);
    } else {
      view.seen = Math.max(view.seen ?? 0, head);
    }
    advance(view);
    // What is still being written now is told when it is there: asking for it again and again brings nothing.
    if (event['has_more'] !== true) view.furthest = 0;
  }

  return {
    seen: (room) => rooms.get(room)?.seen,
    messages: (room) => fold(viewOf(room)),
    expectHistory(room, after) {
      const view = viewOf(room);
      view.awaited = after ?? null;
      if (after === undefined)
        Object.assign(view, { seen: undefined, entries: new Map(), furthest: 0, base: 0 });
    },
    isWaiting: (room) => rooms.get(room)?.awaited !== undefined,
    giveUpWaiting() {
      for (const view of rooms.values()) view.awaited = undefined;
    },
    take(event) {
      if (event.type === 'pong') {
        for (const [room, head] of Object.entries(event['heads'] as Record<string, number>)) {
          const view = viewOf(room);
          view.furthest = Math.max(view.furthest, head);
          const command = ask(room, view);
          if (command !== undefined) return command;
        }
        return undefined;
      }
      const room = event['room_id'] as string | undefined;
      if (room === undefined || room === null) return undefined;
      const view = viewOf(room);
      if (event.type === 'history_end') {
        endHistory(view, event);
        return ask(room, view);
      }
      const seq = event['seq'] as number | undefined;
      if (seq === undefined || event.type === 'ack' || isFolded(view, seq, event)) return undefined;
      // Told again, it is told as it is now.
      view.entries.set(seq, newer(view.entries.get(seq), event));
      advance(view);
      view.furthest = Math.max(view.furthest, seq);
      return ask(room, view);
    },
  };
}

/** A change that came late, when the message was told as it had left it, or as a later one had. */
function isFolded({ base }: RoomView, seq: number, event: Event): boolean {
  return seq <= base && (event.type === 'message_edited' || event.type === 'message_deleted');
}

const editedAt = (event: Event): string => (event['edited_at'] as string | null) ?? '';

/** A post that was overtaken shows a message as it was, and must not undo what is known of it. */
function newer(known: Event | undefined, told: Event): Event {
  if (known === undefined || known.type !== 'chat_message' || told.type !== 'chat_message') return told;
  if (known['is_deleted'] === true) return known;
  return editedAt(told) >= editedAt(known) || told['is_deleted'] === true ? told : known;
}

function fold({ entries }: RoomView): Map<string, SeenMessage> {
  const messages = new Map<string, SeenMessage>();
  for (const [seq, event] of [...entries].sort(([a], [b]) => a - b)) {
    const id = event['message_id'] as string;
    if (event.type === 'chat_message') {
      messages.set(id, {
        seq,
        senderId: event['sender_id'] as string,
        content: event['message'] as string,
        isEdited: event['edited_at'] !== null,
        isDeleted: event['is_deleted'] as boolean,
      });
    }
    const message = messages.get(id);
    if (message === undefined || message.isDeleted) continue;
    if (event.type === 'message_edited')
      Object.assign(message, { content: event['new_content'] as string, isEdited: true });
    if (event.type === 'message_deleted') message.isDeleted = true;
  }
  return messages;
}
