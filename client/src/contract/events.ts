// All events that the server sends. Written by `npm run documents`.

import type {
  Attachment,
  ClientId,
  Member,
  MessageId,
  MessagePreview,
  RoomDetails,
  RoomId,
  Seq,
  Timestamp,
  UserId,
} from './entities.ts';

/**
 * The room is open. On a socket that was opened without a room, the first `ready` has no room: its fields are null.
 */
export interface ReadyEvent {
  type: 'ready';
  user: {
    id: UserId;
    username: string;
  };
  room_id: RoomId | null;
  room: string | null;
  head: number | null;
  /** Send a `ping` at least this often. */
  heartbeat_seconds: number;
  server_time: Timestamp;
  /**
   * Only without a room: from now on, this socket receives `room_activity`. Servers that do not know `inbox` never send it.
   */
  inbox?: true;
  /** The `ref` of the command that this event answers. */
  ref?: string;
}

/** The answer to `leave`: the room is no longer open on this socket. */
export interface LeftEvent {
  type: 'left';
  room_id: RoomId;
  /** The `ref` of the command that this event answers. */
  ref?: string;
}

/** The users who are present in the room. */
export interface RoomUsersListEvent {
  type: 'room_users_list';
  room_id: RoomId;
  /** At most 200. */
  users: {
    id: UserId;
    username: string;
  }[];
  /** How many users are present, when not all of them are listed. */
  total?: number;
}

/** A new message, or a message of the history. */
export interface ChatMessageEvent {
  type: 'chat_message';
  message_id: MessageId;
  room_id: RoomId;
  seq: Seq;
  /** The content of the message. */
  message: string;
  sender_id: UserId;
  sender_username: string;
  timestamp: Timestamp;
  edited_at: Timestamp | null;
  is_deleted: boolean;
  client_id?: ClientId;
  /** The files of the message. Absent when there are none. `message` may be empty then. */
  attachments?: Attachment[];
}

/**
 * The end of the history that the server sends after opening a room, and of each answer to `history`.
 */
export interface HistoryEndEvent {
  type: 'history_end';
  room_id: RoomId;
  /**
   * All entries from this `seq` on were sent; null when there were none to send. If `has_more` is true, request the next older page with `before` set to this `seq`, even when no message was sent.
   */
  first_seq: Seq | null;
  /**
   * All entries up to this `seq` were sent, except those of the next page. When an answer to `after` has more and fewer entries than requested, request the next page with `after` set to this `seq`.
   */
  head: number;
  /**
   * There are, or may be, more entries in the requested direction: the server reads a bounded part of the log for each answer.
   */
  has_more: boolean;
  /** False when a resume could not send all missed entries. */
  recovered: boolean;
  /** The entries that a resume could not send. */
  gap?: {
    from: Seq;
    to: Seq;
  };
  /** The `ref` of the command that this event answers. */
  ref?: string;
}

/** A user has entered the room with their first socket. */
export interface UserJoinEvent {
  type: 'user_join';
  user_id: UserId;
  username: string;
  room_id: RoomId;
}

/** A user has left the room with their last socket. */
export interface UserLeaveEvent {
  type: 'user_leave';
  user_id: UserId;
  username: string;
  room_id: RoomId;
}

/** Another user has started or stopped typing. */
export interface TypingIndicatorEvent {
  type: 'typing_indicator';
  /** The name of the user. */
  user: string;
  user_id: UserId;
  room: string;
  room_id: RoomId;
  is_typing: boolean;
  /** After this time without another indicator, the user counts as not typing. */
  expires_in_ms: number;
}

/** A message was edited. */
export interface MessageEditedEvent {
  type: 'message_edited';
  message_id: MessageId;
  room_id: RoomId;
  seq: Seq;
  new_content: string;
  edited_at: Timestamp;
  sender_id: UserId;
  sender_username: string;
}

/** A message was deleted. */
export interface MessageDeletedEvent {
  type: 'message_deleted';
  message_id: MessageId;
  room_id: RoomId;
  seq: Seq;
}

/** A member has read the room up to a message. */
export interface MessageReadEvent {
  type: 'message_read';
  room_id: RoomId;
  user_id: UserId;
  username: string;
  message_id: MessageId;
  read_at: Timestamp;
}

/**
 * You have marked messages as unread, here or on another device: your read marker has moved back. Only your own sockets receive it.
 */
export interface MessageUnreadEvent {
  type: 'message_unread';
  room_id: RoomId;
  /** The last message that counts as read; null when none does. */
  message_id: MessageId | null;
  unread_count: number;
}

/** A user was added to the room. */
export interface MemberAddedEvent {
  type: 'member_added';
  room_id: RoomId;
  seq: Seq;
  member: Member;
  room?: RoomDetails;
}

/** The role of a member changed. */
export interface MemberUpdatedEvent {
  type: 'member_updated';
  room_id: RoomId;
  seq: Seq;
  member: Member;
}

/** A user has left the room or was removed from it. */
export interface MemberRemovedEvent {
  type: 'member_removed';
  room_id: RoomId;
  seq: Seq;
  member: {
    id: UserId;
    username: string;
  };
}

/**
 * The name or the description of the room changed. Sockets that receive `room_activity` receive it for their rooms as well.
 */
export interface RoomUpdatedEvent {
  type: 'room_updated';
  room_id: RoomId;
  seq: Seq;
  room: RoomDetails;
}

/**
 * The room was deleted. Sockets that receive `room_activity` receive it for their rooms as well.
 */
export interface RoomDeletedEvent {
  type: 'room_deleted';
  room_id: RoomId;
  seq: Seq;
  room: RoomDetails;
}

/**
 * A room of yours that is not open on this socket has changed: a message was sent, edited or deleted, or you have read it, or marked it as unread, on another device. It is sent for rooms with up to 100 members, no more often than once in 2 seconds for a room, and the last state is always sent. Requires `inbox=1` at the handshake or the command `inbox`. A later version adds `unread_mentions`.
 */
export interface RoomActivityEvent {
  type: 'room_activity';
  room_id: RoomId;
  /**
   * The last `seq` of the room. Drop an event whose `head` is lower than the one that you know of the room.
   */
  head: number;
  unread_count: number;
  /**
   * The newest message as it is now, deleted ones included. Content longer than 500 characters is cut and ends with “…”.
   */
  last_message: MessagePreview | null;
}

/** The answer to `message`: the message is stored. */
export interface AckEvent {
  type: 'ack';
  client_id?: ClientId;
  message_id: MessageId;
  room_id: RoomId;
  seq: Seq;
  timestamp: Timestamp;
  /** True when an earlier send with the same `client_id` had stored the message. */
  duplicate: boolean;
}

/** The answer to `ping`. */
export interface PongEvent {
  type: 'pong';
  /** The last `seq` of each open room, by its id. */
  heads: {
    [k: string]: number;
  };
  server_time: Timestamp;
}

/** A command failed. The connection stays open. */
export interface ErrorEvent {
  type: 'error';
  /** A sentence to show to the user. */
  error: string;
  code: number;
  name: string;
  retryable: boolean;
  retry_after_ms?: number;
  /** The `ref` or the `client_id` of the command. */
  ref?: string;
}

/** The last event before the server closes the connection. */
export interface CloseEvent {
  type: 'close';
  code: number;
  reason: string;
  /** Whether to connect again. */
  reconnect: boolean;
  /** Whether to resume with `after` on the next connection. */
  resume: boolean;
}

/** All events by their `type`. */
export interface EventTypes {
  ready: ReadyEvent;
  left: LeftEvent;
  room_users_list: RoomUsersListEvent;
  chat_message: ChatMessageEvent;
  history_end: HistoryEndEvent;
  user_join: UserJoinEvent;
  user_leave: UserLeaveEvent;
  typing_indicator: TypingIndicatorEvent;
  message_edited: MessageEditedEvent;
  message_deleted: MessageDeletedEvent;
  message_read: MessageReadEvent;
  message_unread: MessageUnreadEvent;
  member_added: MemberAddedEvent;
  member_updated: MemberUpdatedEvent;
  member_removed: MemberRemovedEvent;
  room_updated: RoomUpdatedEvent;
  room_deleted: RoomDeletedEvent;
  room_activity: RoomActivityEvent;
  ack: AckEvent;
  pong: PongEvent;
  error: ErrorEvent;
  close: CloseEvent;
}

/** The `type` of an event. */
export type EventName = keyof EventTypes;
/** The event with that `type`. */
export type EventOf<N extends EventName> = EventTypes[N];
/** Any event; its `type` says which. */
export type ServerEvent =
  | ReadyEvent
  | LeftEvent
  | RoomUsersListEvent
  | ChatMessageEvent
  | HistoryEndEvent
  | UserJoinEvent
  | UserLeaveEvent
  | TypingIndicatorEvent
  | MessageEditedEvent
  | MessageDeletedEvent
  | MessageReadEvent
  | MessageUnreadEvent
  | MemberAddedEvent
  | MemberUpdatedEvent
  | MemberRemovedEvent
  | RoomUpdatedEvent
  | RoomDeletedEvent
  | RoomActivityEvent
  | AckEvent
  | PongEvent
  | ErrorEvent
  | CloseEvent;
