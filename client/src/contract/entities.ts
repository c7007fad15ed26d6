// Users, rooms, members and messages, as the API sends them. Written by `npm run documents`.

/** One page of everything that is stored about the caller. */
export interface AccountExport {
  account?: {
    id: UserId;
    username: string;
    /** Empty when the user has none. */
    email: string;
    first_name: string;
    last_name: string;
    /**
     * The address of a square WebP of at most 320 by 320 pixels, which stays; null for none. With `96` in place of `320` as the last part of its path, it is the address of a smaller one.
     */
    profile_picture: string | null;
    created_at: Timestamp;
  };
  sessions?: Session[];
  memberships?: Membership[];
  rooms_created?: RoomDetails[];
  /**
   * The messages that the caller sent, by room, oldest first. A page can have none without being the last.
   */
  messages: Message[];
}

/**
 * What an image shows, in words, for people who cannot see it. At most 500 bytes encoded as JSON.
 */
export type AltText = string;

/**
 * A file of a message. Images, audio and video of common types are served to be shown, all other files to be downloaded.
 */
export interface Attachment {
  attachment_id: AttachmentId;
  /** The name under which the file was uploaded, without a path. */
  name: string;
  /** The media type, as the bytes of the file say. */
  type: string;
  /** In bytes, as the file is served: images are written anew. */
  size: number;
  /** What the image shows, in words. */
  alt?: string;
  /** Of an image, in pixels. */
  width?: number;
  /** Of an image, in pixels. */
  height?: number;
  /**
   * The address of the file. It is signed and ends after an hour to an hour and a half: `GET /chat/attachments/{attachment_id}/` renews it.
   */
  url: string;
  /**
   * Of an image: the address of a WebP of at most 320 by 320 pixels. With `96` or `1280` in place of `320` as the last part of its path, it is the address of a smaller or larger one.
   */
  thumbnail_url?: string;
}

/**
 * The id of an upload, which becomes the id of the attachment once a message has it: an opaque, URL-safe string.
 */
export type AttachmentId = string;

/**
 * The idempotency key of a message, chosen by the client. A repeated send with the same key stores one message.
 */
export type ClientId = string;

/**
 * The text of a message: empty if the message has attachments, otherwise 1 to 4000 characters after trimming, and at most 8000 characters and 12288 bytes before. At least one character must be visible. Of the control characters, only tab, line feed and carriage return are allowed. Stored as sent, without trimming.
 */
export type ContentOrEmpty = string;

/**
 * The name of a file, of at most 255 bytes in UTF-8. Of a path, only the last part is kept. Normalized to NFC. Without control characters, line breaks and characters that change the writing direction.
 */
export type FileName = string;

/** Whether the API is available, and its version. */
export interface Health {
  status: 'ok';
  version: string;
}

/**
 * A place in the content of a message where a word of the query stands, in UTF-16 code units; `end` is excluded.
 */
export interface Highlight {
  start: number;
  end: number;
}

/**
 * The media type that the client believes a file to have, without parameters. `application/octet-stream` when it does not know. The bytes decide.
 */
export type MediaType = string;

/** A member of a room. */
export interface Member {
  id: UserId;
  username: string;
  role: 'owner' | 'member';
  joined_at: Timestamp;
  last_read_message_id: MessageId | null;
}

/** A membership of the caller in a room. */
export interface Membership {
  room_id: RoomId;
  room_name: string;
  role: 'owner' | 'member';
  joined_at: Timestamp;
  last_read_message_id: MessageId | null;
  read_at: Timestamp | null;
}

/** A message of a room. A deleted message keeps its place. */
export interface Message {
  message_id: MessageId;
  room_id: RoomId;
  seq: Seq;
  sender_id: UserId;
  sender_username: string;
  content: string;
  timestamp: Timestamp;
  edited_at: Timestamp | null;
  is_deleted: boolean;
  client_id?: ClientId;
  /**
   * The files of the message, in the order in which they were sent. Absent when there are none, and when the message was deleted. A message with attachments may have empty content.
   */
  attachments?: Attachment[];
}

/** The id of a message: an opaque, URL-safe string. */
export type MessageId = string;

/** A message as lists of rooms show it. */
export interface MessagePreview {
  message_id: MessageId;
  room_id: RoomId;
  seq: Seq;
  sender_id: UserId;
  sender_username: string;
  content: string;
  timestamp: Timestamp;
  edited_at: Timestamp | null;
  is_deleted: boolean;
  client_id?: ClientId;
  /** How many attachments the message has. Absent when it has none. */
  attachment_count?: number;
}

/** A room of the caller, with how far they have read it and its last message. */
export interface MyRoom {
  room_id: RoomId;
  room_name: string;
  created_at: Timestamp;
  creator_id: UserId;
  creator_username: string;
  description: string;
  is_private: boolean;
  is_direct: boolean;
  message_count: number;
  member_count: number;
  peer?: UserSummary;
  unread_count: number;
  last_read_message_id: MessageId | null;
  /**
   * A preview that may be one second old. Content longer than 500 characters is cut and ends with “…”.
   */
  last_message: MessagePreview | null;
}

/** The caller’s own profile. */
export interface Profile {
  id: UserId;
  username: string;
  /** Empty when the user has none. */
  email: string;
  first_name: string;
  last_name: string;
  /**
   * The address of a square WebP of at most 320 by 320 pixels, which stays; null for none. With `96` in place of `320` as the last part of its path, it is the address of a smaller one.
   */
  profile_picture: string | null;
}

/** The result of the last check of the promises. */
export interface PromisesHealth {
  status: 'ok' | 'failing' | 'unknown';
  last_check: {
    checked_at: string;
    /** False when a request of the check failed. */
    completed: boolean;
    sent: number;
    acknowledged: number;
    /** Acknowledged messages that are not in the history. */
    lost: number;
    /** Messages that did not arrive on an open socket in time. */
    missed: number;
    /** Messages out of order, or that a resume did not bring. */
    misplaced: number;
    /** From send to receipt; null when nothing arrived. */
    median_ms: number | null;
    slowest_ms: number | null;
  } | null;
}

/** The caller’s read marker in a room, and how many messages follow it. */
export interface ReadState {
  last_read_message_id: MessageId | null;
  unread_count: number;
}

/** How far a member has read a room. */
export interface Reader {
  user_id: UserId;
  username: string;
  last_read_message_id: MessageId | null;
  read_at: Timestamp | null;
}

/** A user who has just registered. */
export interface RegisteredUser {
  id: UserId;
  username: string;
  email: string;
}

/** A public, private or direct room. */
export interface RoomDetails {
  room_id: RoomId;
  room_name: string;
  created_at: Timestamp;
  creator_id: UserId;
  creator_username: string;
  description: string;
  is_private: boolean;
  is_direct: boolean;
  message_count: number;
  member_count: number;
  peer?: UserSummary;
}

/** The id of a room. The id of a direct room is derived from its two users. */
export type RoomId = string;

/**
 * The name of a room: letters and digits of any script, and `_ . -`. Normalized to NFKC. Unique regardless of case.
 */
export type RoomName = string;

/** What one request has found, and how far back it has searched. */
export interface SearchPage {
  /** Newest first. May be empty although the search goes on. */
  results: SearchResult[];
  /**
   * All matching messages that were sent after this time have been found. Null when the search has come to its end.
   */
  searched_back_to: Timestamp | null;
  /** For the next page. Absent when the search has come to its end. */
  cursor?: string;
}

/** A message that a search has found. */
export interface SearchResult {
  message_id: MessageId;
  room_id: RoomId;
  seq: Seq;
  sender_id: UserId;
  sender_username: string;
  content: string;
  timestamp: Timestamp;
  edited_at: Timestamp | null;
  is_deleted: boolean;
  client_id?: ClientId;
  /**
   * The files of the message, in the order in which they were sent. Absent when there are none, and when the message was deleted. A message with attachments may have empty content.
   */
  attachments?: Attachment[];
  /**
   * In the order of the content. Empty when the words stand only in the names and descriptions of attachments.
   *
   * @maxItems 20
   */
  highlights: Highlight[];
  /**
   * The messages before and after this one in its room, without deleted ones. Each may be missing at the edge of what one request reads.
   */
  context?: {
    before?: MessagePreview;
    after?: MessagePreview;
  };
}

/**
 * The position of an entry in the log of its room: 1, 2, 3 and so on, the same for all clients.
 */
export type Seq = number;

/** One sign-in of the caller, until it ends. */
export interface Session {
  id: SessionId;
  created_at: Timestamp;
  /** A time in ISO 8601 format, in UTC, with milliseconds. */
  last_used_at: string;
  /** A time in ISO 8601 format, in UTC, with milliseconds. */
  expires_at: string;
  /** Whether it is the session of the access token in this request. */
  is_current: boolean;
  /** The `User-Agent` header of the sign-in. */
  user_agent: string | null;
}

/** The id of a session: one sign-in, until it ends. */
export type SessionId = string;

/** A credential for one WebSocket handshake. */
export interface Ticket {
  ticket: string;
  /** The lifetime of the ticket in seconds. */
  expires_in: number;
}

/** A time in ISO 8601 format, in UTC, with milliseconds. */
export type Timestamp = string;

/** The tokens of a session. */
export interface TokenPair {
  /** The bearer token for HTTP requests and WebSocket handshakes. */
  access: string;
  /** The token for `/users/token/refresh/` and `/users/auth/logout/`. */
  refresh: string;
}

/** The rooms of the caller that have unread messages. */
export interface UnreadRooms {
  /** The unread messages of these rooms together. */
  total: number;
  rooms: {
    room_id: RoomId;
    unread_count: number;
  }[];
}

/**
 * A form for posting one file. It accepts only a file of the declared size, under the declared type.
 */
export interface UploadForm {
  /** Send a message with it once the file is posted. */
  upload_id: string;
  /** Where to post the form, as `multipart/form-data`. */
  url: string;
  /** The fields of the form, to be sent before the file, which is the last field, named `file`. */
  fields: {
    [k: string]: string;
  };
  /** How many seconds the form can be posted. */
  expires_in: number;
}

/** The id of a user. It never changes. */
export type UserId = string;

/** A user as other users see them. */
export interface UserSummary {
  id: UserId;
  username: string;
  /**
   * The address of a square WebP of at most 320 by 320 pixels, which stays; null for none. With `96` in place of `320` as the last part of its path, it is the address of a smaller one.
   */
  profile_picture: string | null;
}

/** A username: ASCII letters, digits and `@ . + - _`. Unique regardless of case. */
export type Username = string;
