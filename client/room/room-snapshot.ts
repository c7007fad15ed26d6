/** What a room looks like at one moment, for those who show it: immutable, and a new object with each change. */
import type { Message } from '../../shared/contract/entities.ts';
import type { ChatProblem } from '../problem.ts';
import { shownMessages, type RoomLog } from '../room-log.ts';
import type { SessionUser } from '../session/claims.ts';
import type { OutboxEntry } from './outbox-store.ts';
import { problemOfEntry } from './sending.ts';
import type { TypingUser } from './typing.ts';

/** `opening`: for the first time; `recovering`: what is shown may be out of date; `closed`: `problem` says why. */
export type RoomStatus = 'opening' | 'live' | 'recovering' | 'closed';

export interface RoomMessage extends Omit<Message, 'message_id' | 'seq'> {
  /** The same before and after sending: a key for lists. */
  key: string;
  /** Null until the server has stored it. */
  message_id: string | null;
  seq: number | null;
  is_mine: boolean;
  state: 'sent' | 'sending' | 'failed';
  /** Why it failed. */
  problem?: ChatProblem;
}

export interface RoomUser {
  id: string;
  username: string;
}

export interface Reading {
  username: string;
  message_id: string;
  read_at: string;
}

export interface RoomSnapshot {
  status: RoomStatus;
  problem: ChatProblem | undefined;
  /** Undefined until the room has been open once. */
  room_id: string | undefined;
  name: string;
  /** Oldest first; one's own that are not stored yet at the end. */
  messages: readonly RoomMessage[];
  hasOlder: boolean;
  /** Who is here; beyond 200 only some of them, and `userCount` says how many. */
  users: readonly RoomUser[];
  userCount: number;
  typing: readonly TypingUser[];
  /** Messages of others behind one's own read marker. */
  unread: number;
  /** How far the others were seen to read, by user id. */
  readers: ReadonlyMap<string, Reading>;
}

const shown = new WeakMap<Message, RoomMessage>();

/** Keeps the object of a message that has not changed, so that a list need not draw it again. */
export function viewMessages(
  log: RoomLog,
  outbox: readonly OutboxEntry[],
  user: SessionUser | undefined,
  roomId: string,
): readonly RoomMessage[] {
  const sent = shownMessages(log).map((message) => viewSent(message, user));
  const waiting = outbox.filter(({ user_id }) => user_id === user?.id);
  return [...sent, ...waiting.map((entry) => viewWaiting(entry, user?.username ?? '', roomId))];
}

function viewSent(message: Message, user: SessionUser | undefined): RoomMessage {
  const known = shown.get(message);
  if (known !== undefined) return known;
  const { client_id, sender_id, message_id } = message;
  const view: RoomMessage = {
    ...message,
    key: client_id === undefined ? message_id : keyOf(sender_id, client_id),
    is_mine: sender_id === user?.id,
    state: 'sent',
  };
  shown.set(message, view);
  return view;
}

function viewWaiting(entry: OutboxEntry, username: string, roomId: string): RoomMessage {
  const problem = problemOfEntry(entry);
  return {
    key: keyOf(entry.user_id, entry.client_id),
    client_id: entry.client_id,
    message_id: null,
    seq: null,
    room_id: roomId,
    sender_id: entry.user_id,
    sender_username: username,
    content: entry.content,
    timestamp: entry.created_at,
    edited_at: null,
    is_deleted: false,
    is_mine: true,
    ...(problem === undefined ? { state: 'sending' } : { state: 'failed', problem }),
  };
}

/** A `client_id` is its sender's own. */
function keyOf(userId: string, clientId: string): string {
  return `${userId}/${clientId}`;
}
