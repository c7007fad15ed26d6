// All commands that the client can send. Written by `npm run documents`.

import type { AttachmentId, ClientId, ContentOrEmpty, MessageId, RoomId } from './entities.ts';

/**
 * Send a message. The short form is `{"message": "hi"}`. With `attachments`, the content may be empty.
 */
export interface MessageCommand {
  type: 'message';
  content: ContentOrEmpty;
  client_id?: ClientId;
  /**
   * The ids of up to 10 uploads of yours in this room, each to be sent once, within 12 hours. An upload that is not checked yet is checked then.
   *
   * @maxItems 10
   */
  attachments?: AttachmentId[];
  room_id?: RoomId;
  /**
   * An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.
   */
  ref?: string;
}

/**
 * Tell the others in the room that you started or stopped typing. It is not forwarded if it repeats within two seconds, or if the room has more than 100 sockets.
 */
export interface TypingCommand {
  type: 'typing';
  is_typing: boolean;
  room_id?: RoomId;
  /**
   * An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.
   */
  ref?: string;
}

/** Move your read marker forward to a message. */
export interface ReadCommand {
  type: 'read';
  message_id: MessageId;
  room_id?: RoomId;
  /**
   * An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.
   */
  ref?: string;
}

/** Replace the content of a message that you sent. It keeps its attachments. */
export interface EditCommand {
  type: 'edit';
  message_id: MessageId;
  content: ContentOrEmpty;
  room_id?: RoomId;
  /**
   * An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.
   */
  ref?: string;
}

/** Delete a message that you sent. It stays in the history without its content. */
export interface DeleteCommand {
  type: 'delete';
  message_id: MessageId;
  room_id?: RoomId;
  /**
   * An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.
   */
  ref?: string;
}

/**
 * Request older messages (`before`) or all entries after a `seq` (`after`). The answer ends with `history_end`.
 */
export interface HistoryCommand {
  type: 'history';
  /** Return the newest messages before this `seq`. */
  before?: number;
  /** Return the entries after this `seq`, oldest first. */
  after?: number;
  /** How many entries to return, by default 50. */
  limit?: number;
  room_id?: RoomId;
  /**
   * An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.
   */
  ref?: string;
}

/**
 * Open a room on a socket that was opened without one. Send either its name (`room`) or its id (`room_id`), which never creates a room.
 */
export interface JoinCommand {
  type: 'join';
  /** The name of the room. A public room that does not exist is created. */
  room?: string;
  /**
   * With `false`, a room that does not exist is refused with `not_found` instead of being created. Servers before this field existed ignore it.
   */
  create?: boolean;
  /** Resume: the server sends all entries after this `seq` instead of the newest messages. */
  after?: number;
  /** How many of the newest messages the server sends, by default 50. */
  history?: number;
  room_id?: RoomId;
  /**
   * An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.
   */
  ref?: string;
}

/**
 * Close a room that was opened with `join`. The answer is `left`, even when the room was not open.
 */
export interface LeaveCommand {
  type: 'leave';
  room_id?: RoomId;
  /**
   * An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.
   */
  ref?: string;
}

/**
 * Receive `room_activity` for your rooms that are not open on this socket, on a socket that was opened without a room. The answer is a `ready` without a room whose `inbox` is true. Fetch `GET /chat/rooms/mine/` after it: from then on no change is missed. Covered are up to 500 rooms with up to 100 members each.
 */
export interface InboxCommand {
  type: 'inbox';
  room_id?: RoomId;
  /**
   * An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.
   */
  ref?: string;
}

/** Send a new access token before the current one expires. */
export interface AuthCommand {
  type: 'auth';
  token: string;
  room_id?: RoomId;
  /**
   * An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.
   */
  ref?: string;
}

/** Keep the connection and its presence alive. */
export interface PingCommand {
  type: 'ping';
  room_id?: RoomId;
  /**
   * An identifier of your choice. The `error`, `ready`, `history_end` or `left` that answers the command has it.
   */
  ref?: string;
}

/** All commands by their `type`. */
export interface CommandTypes {
  message: MessageCommand;
  typing: TypingCommand;
  read: ReadCommand;
  edit: EditCommand;
  delete: DeleteCommand;
  history: HistoryCommand;
  join: JoinCommand;
  leave: LeaveCommand;
  inbox: InboxCommand;
  auth: AuthCommand;
  ping: PingCommand;
}

/** The `type` of a command. */
export type CommandName = keyof CommandTypes;
/** The command with that `type`. */
export type CommandOf<N extends CommandName> = CommandTypes[N];
/** Any command; its `type` says which. */
export type Command =
  | MessageCommand
  | TypingCommand
  | ReadCommand
  | EditCommand
  | DeleteCommand
  | HistoryCommand
  | JoinCommand
  | LeaveCommand
  | InboxCommand
  | AuthCommand
  | PingCommand;
