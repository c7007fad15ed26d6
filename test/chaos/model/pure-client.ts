/**
 * A client by the protocol alone, without input or output: it orders the events of each room by seq, knows up to where
 * nothing is missing, and requests history when something is.
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
  /** Processes an event. Returns the command that the client must send because of it, if any. */
  take(event: Event): Event | undefined;
  /** The client has requested the newest messages of a room, or the entries after a seq. */
  expectHistory(room: string, after: number | undefined): void;
  /** Whether a request for the room has not been answered yet. */
  isWaiting(room: string): boolean;
  /** Stops waiting for all unanswered requests. */
  giveUpWaiting(): void;
  messages(room: string): Map<string, SeenMessage>;
}

interface RoomView {
  seen: number | undefined;
  entries: Map<number, Event>;
  /** The `after` of the unanswered request; null for the newest messages. */
  awaited: number | null | undefined;
  /** The highest seq that is known to exist. */
  highest: number;
  /** Up to this seq, messages were received with all their changes applied. */
  base: number;
}

/** The entries in a full answer, which tell the client where the page ended. */
const pageSize = 100;

export function pureClient(): PureClient {
  const rooms = new Map<string, RoomView>();
  const viewOf = (room: string): RoomView => {
    const view = rooms.get(room) ?? {
      seen: undefined,
      entries: new Map(),
      awaited: undefined,
      highest: 0,
      base: 0,
    };
    rooms.set(room, view);
    return view;
  };

  function advance(view: RoomView): void {
    while (view.seen !== undefined && view.entries.has(view.seen + 1)) view.seen += 1;
  }

  function ask(room: string, view: RoomView): Event | undefined {
    if (view.seen === undefined || view.awaited !== undefined || view.highest <= view.seen) return undefined;
    view.awaited = view.seen;
    return { type: 'history', room_id: room, after: view.seen, limit: pageSize };
  }

  function endHistory(view: RoomView, event: Event): void {
    const after = view.awaited;
    const [head, firstSeq] = [event['head'] as number, event['first_seq'] as number | null];
    view.highest = Math.max(view.highest, head);
    // This does not answer the request; it may be a welcome that was sent twice.
    if (after === undefined || (after !== null && firstSeq !== null && firstSeq !== after + 1)) return;
    view.awaited = undefined;
    if (after === null) {
      // With the newest messages, entries up to the head that were not received change nothing.
      view.base = head;
      view.seen = Math.max(view.seen ?? 0, view.base);
      for (const [seq, entry] of view.entries) if (isFolded(view, seq, entry)) view.entries.delete(seq);
    } else if (event['has_more'] === true) {
      const page = [...view.entries.keys()].filter((seq) => seq > after).sort((a, b) => a - b);
      view.seen = Math.max(view.seen ?? 0, page[pageSize - 1] ?? after);
      view.highest = Math.max(view.highest, view.seen + 1);
    } else {
      view.seen = Math.max(view.seen ?? 0, head);
    }
    advance(view);
    // What is still being written will be published, so requesting it again brings nothing.
    if (event['has_more'] !== true) view.highest = 0;
  }

  return {
    seen: (room) => rooms.get(room)?.seen,
    messages: (room) => fold(viewOf(room)),
    expectHistory(room, after) {
      const view = viewOf(room);
      view.awaited = after ?? null;
      if (after === undefined)
        Object.assign(view, { seen: undefined, entries: new Map(), highest: 0, base: 0 });
    },
    isWaiting: (room) => rooms.get(room)?.awaited !== undefined,
    giveUpWaiting() {
      for (const view of rooms.values()) view.awaited = undefined;
    },
    take(event) {
      if (event.type === 'pong') {
        for (const [room, head] of Object.entries(event['heads'] as Record<string, number>)) {
          const view = viewOf(room);
          view.highest = Math.max(view.highest, head);
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
      // A repeated entry carries the present state of the message.
      view.entries.set(seq, newer(view.entries.get(seq), event));
      advance(view);
      view.highest = Math.max(view.highest, seq);
      return ask(room, view);
    },
  };
}

/** Whether the message was received with this change, or a later one, applied already. */
function isFolded({ base }: RoomView, seq: number, event: Event): boolean {
  return seq <= base && (event.type === 'message_edited' || event.type === 'message_deleted');
}

const editedAt = (event: Event): string => (event['edited_at'] as string | null) ?? '';

/** An overtaken post carries an older state of the message, which must not replace a newer one. */
function newer(known: Event | undefined, received: Event): Event {
  if (known === undefined || known.type !== 'chat_message' || received.type !== 'chat_message')
    return received;
  if (known['is_deleted'] === true) return known;
  return editedAt(received) >= editedAt(known) || received['is_deleted'] === true ? received : known;
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
