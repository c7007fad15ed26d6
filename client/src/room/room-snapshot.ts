/** What a room looks like at one moment. Snapshots are immutable: each change makes a new one. */
import type { Message } from '../contract/entities.ts';
import type { ChatProblem } from '../problem.ts';
import type { TypingUser } from './typing.ts';

/**
 * - `opening`: the room has not been open yet.
 * - `live`: what is shown is up to date.
 * - `recovering`: the room was live and will be again; what is shown may be out of date.
 * - `closed`: the room or this view of it was closed; `problem` says why.
 */
export type RoomStatus = 'opening' | 'live' | 'recovering' | 'closed';

/** A message as views show it. Once a message is deleted, its `edited_at` is null even if it had been edited before. */
export interface RoomMessage extends Omit<Message, 'message_id' | 'seq'> {
  /** Identifies the message in a list. It stays the same when the server stores the message. */
  key: string;
  /** Null until the server has stored the message. */
  message_id: string | null;
  /** Null until the server has stored the message. */
  seq: number | null;
  is_mine: boolean;
  state: 'sent' | 'sending' | 'failed';
  /** Why it failed; absent in other states. */
  problem?: ChatProblem;
}

/** A user who is present in a room. */
export interface RoomUser {
  id: string;
  username: string;
}

/** How far another member has read. */
export interface Reading {
  username: string;
  message_id: string;
  /** ISO 8601 */
  read_at: string;
}

/** What a room looks like at one moment. */
export interface RoomSnapshot {
  status: RoomStatus;
  /** Why the room is closed. */
  problem: ChatProblem | undefined;
  /** Undefined until the room has been open once, unless it was asked for by its id. */
  room_id: string | undefined;
  name: string;
  /** Oldest first. The user's own messages that are not stored yet come last. */
  messages: readonly RoomMessage[];
  /** Whether `loadOlder` would bring more messages. */
  hasOlder: boolean;
  /** The users who are present. The server lists at most 200 of them when the room opens; `userCount` counts all. */
  users: readonly RoomUser[];
  userCount: number;
  /** The other users who are typing. */
  typing: readonly TypingUser[];
  /** The number of messages by others after the user's own read marker; 0 until that is known. */
  unread: number;
  /** Whether the user's read marker was loaded. Move it no earlier, so that the user sees what is new. */
  isUnreadKnown: boolean;
  /**
   * Whether the user has marked messages as unread, here or on another device: they stay unread until the user opens the room
   * again, sends a message or marks them as read, so nothing else should move the marker.
   */
  isMarkedUnread: boolean;
  /** The read markers of other members as far as events reported them, by user id. */
  readers: ReadonlyMap<string, Reading>;
}
