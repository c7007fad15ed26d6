// The HTTP operations as methods. Written by `npm run documents`.

import type { PagedList } from '../http/paged-list.ts';
import type {
  AccountExport,
  AltText,
  Attachment,
  AttachmentId,
  ClientId,
  ContentOrEmpty,
  FileName,
  Health,
  MediaType,
  Member,
  Message,
  MessageId,
  MyRoom,
  Profile,
  PromisesHealth,
  ReadState,
  Reader,
  RegisteredUser,
  RoomDetails,
  RoomId,
  RoomName,
  SearchPage,
  Session,
  SessionId,
  Ticket,
  TokenPair,
  UnreadRooms,
  UploadForm,
  UserId,
  UserSummary,
  Username,
} from './entities.ts';

/** The arguments of `registerUser`. */
export interface RegisterUserArguments {
  username: Username;
  /** Neither verified nor unique: several users may have the same address. */
  email?: string | null;
  /**
   * Must not be a common password, and must not consist of the user’s own names. Only a hash of it is stored.
   */
  password: string;
}

/** The arguments of `loginUser`. */
export interface LoginUserArguments {
  username: string;
  password: string;
}

/** The arguments of `refreshTokens`. */
export interface RefreshTokensArguments {
  refresh: string;
}

/** The arguments of `logoutUser`. */
export interface LogoutUserArguments {
  refresh: string;
}

/** The arguments of `endSession`. */
export interface EndSessionArguments {
  session_id: SessionId;
}

/** The arguments of `changePassword`. */
export interface ChangePasswordArguments {
  old_password: string;
  /**
   * Must not be a common password, and must not consist of the user’s own names. Only a hash of it is stored.
   */
  new_password: string;
}

/** The arguments of `updateProfile`. */
export interface UpdateProfileArguments {
  first_name?: string;
  last_name?: string;
}

/** The arguments of `createProfilePicture`. */
export interface CreateProfilePictureArguments {
  type: 'image/jpeg' | 'image/png' | 'image/webp';
  /** In bytes. */
  size: number;
}

/** The arguments of `deleteAccount`. */
export interface DeleteAccountArguments {
  password?: string;
}

/** The arguments of `exportAccount`. */
export interface ExportAccountArguments {
  /** The start of the page. Take it from the `Link` header of the page before. */
  cursor?: string;
}

/** The arguments of `findUsers`. */
export interface FindUsersArguments {
  /** The start of a username, in any case. */
  username: string;
}

/** The arguments of `listRooms`. */
export interface ListRoomsArguments {
  /** By default 100. */
  limit?: number;
  /** The start of the page. Take it from the `Link` header of the page before. */
  cursor?: string;
}

/** The arguments of `listMyRooms`. */
export interface ListMyRoomsArguments {
  /** By default 100. */
  limit?: number;
  /** The start of the page. Take it from the `Link` header of the page before. */
  cursor?: string;
}

/** The arguments of `createRoom`. */
export interface CreateRoomArguments {
  /**
   * The name of a new room: letters and digits of any script, and `_ . -`. Normalized to NFKC. Unique regardless of case and of letters that look alike. It must not be `.` or `..`, start with `dm_`, have the form of an id, contain invisible characters or more than four combining marks in a row, or mix scripts so that it looks like another name.
   */
  room_name: string;
  description?: string | null;
  is_private?: boolean;
}

/** The arguments of `getRoom`. */
export interface GetRoomArguments {
  room_id: RoomId;
}

/** The arguments of `updateRoom`. */
export interface UpdateRoomArguments {
  room_id: RoomId;
  /** A new name must follow the rules for creating a room. */
  room_name?: string;
  description?: string | null;
}

/** The arguments of `deleteRoom`. */
export interface DeleteRoomArguments {
  room_id: RoomId;
}

/** The arguments of `addMember`. */
export interface AddMemberArguments {
  room_id: RoomId;
  user_id: UserId;
}

/** The arguments of `removeMember`. */
export interface RemoveMemberArguments {
  room_id: RoomId;
  user_id: UserId;
}

/** The arguments of `listMembers`. */
export interface ListMembersArguments {
  room_id: RoomId;
  /** By default 100. */
  limit?: number;
  /** The start of the page. Take it from the `Link` header of the page before. */
  cursor?: string;
}

/** The arguments of `leaveRoom`. */
export interface LeaveRoomArguments {
  room_id: RoomId;
}

/** The arguments of `openDirectRoom`. */
export interface OpenDirectRoomArguments {
  target_user_id: UserId;
}

/** The arguments of `listMessages`. */
export interface ListMessagesArguments {
  room_id: RoomId;
  before?: number;
  after?: number;
  /** By default 50. */
  limit?: number;
}

/** The arguments of `sendMessage`. */
export interface SendMessageArguments {
  room_id: RoomId;
  content: ContentOrEmpty;
  client_id?: ClientId;
  /**
   * The ids of up to 10 uploads of yours in this room, each to be sent once, within 12 hours. An upload that is not checked yet is checked then.
   *
   * @maxItems 10
   */
  attachments?: AttachmentId[];
}

/** The arguments of `editMessage`. */
export interface EditMessageArguments {
  message_id: MessageId;
  content: ContentOrEmpty;
}

/** The arguments of `deleteMessage`. */
export interface DeleteMessageArguments {
  message_id: MessageId;
}

/** The arguments of `markRead`. */
export interface MarkReadArguments {
  room_id: RoomId;
  message_id: MessageId;
}

/** The arguments of `markUnread`. */
export interface MarkUnreadArguments {
  room_id: RoomId;
  message_id: MessageId;
}

/** The arguments of `listUnread`. */
export interface ListUnreadArguments {
  /** The start of the page. Take it from the `Link` header of the page before. */
  cursor?: string;
}

/** The arguments of `listReaders`. */
export interface ListReadersArguments {
  room_id: RoomId;
}

/** The arguments of `createTicket`. */
export interface CreateTicketArguments {
  room?: RoomName;
}

/** The arguments of `createUpload`. */
export interface CreateUploadArguments {
  room_id: RoomId;
  name: FileName;
  type: MediaType;
  /** In bytes, at most 10485760. */
  size: number;
  alt?: AltText;
}

/** The arguments of `getAttachment`. */
export interface GetAttachmentArguments {
  attachment_id: AttachmentId;
}

/** The arguments of `searchRoom`. */
export interface SearchRoomArguments {
  room_id: RoomId;
  /**
   * Up to 10 words, all of which must occur in the message, or in the names and descriptions of its attachments: at the beginning of a word, or anywhere in scripts that put no spaces between words. Case, width and accents make no difference. May be left out with `from_user` or `has`.
   */
  q?: string;
  /** The sender of the messages. */
  from_user?: string;
  /** What the messages have: a file, an image, or the address of a page in their content. */
  has?: 'attachment' | 'image' | 'link';
  /**
   * The messages were sent before this time: a date, which begins at midnight UTC, or a time with its offset.
   */
  before?: string;
  /** The messages were sent at this time or after it. */
  after?: string;
  /** By default 20. */
  limit?: number;
  /** Where the search goes on: the `cursor` of the page before, with the same query. */
  cursor?: string;
}

/** The arguments of `searchMyRooms`. */
export interface SearchMyRoomsArguments {
  /**
   * Up to 10 words, all of which must occur in the message, or in the names and descriptions of its attachments: at the beginning of a word, or anywhere in scripts that put no spaces between words. Case, width and accents make no difference. May be left out with `from_user` or `has`.
   */
  q?: string;
  /** The sender of the messages. */
  from_user?: string;
  /** What the messages have: a file, an image, or the address of a page in their content. */
  has?: 'attachment' | 'image' | 'link';
  /**
   * The messages were sent before this time: a date, which begins at midnight UTC, or a time with its offset.
   */
  before?: string;
  /** The messages were sent at this time or after it. */
  after?: string;
  /** By default 20. */
  limit?: number;
  /** Where the search goes on: the `cursor` of the page before, with the same query. */
  cursor?: string;
}

/**
 * The HTTP operations of the API, one method each. A method takes the fields of path, query and body in one object. It returns a promise or a `PagedList`, and rejects with a `ChatProblem`.
 *
 * Apart from the errors that a method lists, each can fail with `unauthorized`, `payload_too_large`, `unsupported_media_type`, `rate_limited`, `internal_error`, `try_again`, and with `unreachable` and `signed_out` of the client itself.
 *
 * @example
 * const room = await client.http.createRoom({ room_name: 'plans', is_private: true });
 */
export interface HttpOperations {
  /**
   * Register a user: `POST /users/auth/register/`.
   *
   * @throws {ChatProblem} `invalid_request`, `username_taken`
   */
  registerUser(args: RegisterUserArguments): Promise<RegisteredUser>;

  /**
   * Sign in: `POST /users/auth/login/`.
   *
   * Returns an access token and a refresh token. The answer is the same for an unknown user and a wrong password.
   *
   * @throws {ChatProblem} `invalid_request`, `invalid_credentials`
   */
  loginUser(args: LoginUserArguments): Promise<TokenPair>;

  /**
   * Refresh the tokens: `POST /users/token/refresh/`.
   *
   * Exchanges a refresh token for a new pair of tokens.
   *
   * @throws {ChatProblem} `invalid_request`, `invalid_refresh_token`
   */
  refreshTokens(args: RefreshTokensArguments): Promise<TokenPair>;

  /**
   * Sign out: `POST /users/auth/logout/`.
   *
   * Ends the session of the refresh token and closes its sockets. A session that has already ended is not an error.
   *
   * @throws {ChatProblem} `invalid_request`, `invalid_refresh_token`
   */
  logoutUser(args: LogoutUserArguments): Promise<void>;

  /** List the caller’s sessions, newest first: `GET /users/auth/sessions/`. */
  listSessions(): Promise<Session[]>;

  /**
   * Sign out everywhere: `DELETE /users/auth/sessions/`.
   *
   * Ends all sessions of the caller, including the current one, and closes their sockets.
   */
  endSessions(): Promise<void>;

  /**
   * End one of the caller’s sessions: `DELETE /users/auth/sessions/{session_id}/`.
   *
   * The access tokens of the session are refused from then on, and its sockets are closed within five seconds.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`
   */
  endSession(args: EndSessionArguments): Promise<void>;

  /**
   * Change the caller’s password: `POST /users/auth/password/`.
   *
   * A wrong `old_password` is answered with 400 and names the field. All other sessions of the caller end; the current one continues.
   *
   * @throws {ChatProblem} `invalid_request`
   */
  changePassword(args: ChangePasswordArguments): Promise<void>;

  /** Get the caller’s profile: `GET /users/auth/profile/`. */
  getProfile(): Promise<Profile>;

  /**
   * Change the caller’s profile: `PATCH /users/auth/profile/`.
   *
   * Fields that are left out keep their value. Read-only fields are ignored.
   *
   * @throws {ChatProblem} `invalid_request`
   */
  updateProfile(args?: UpdateProfileArguments): Promise<Profile>;

  /**
   * Declare a new profile picture: `POST /users/auth/profile/picture/`.
   *
   * Answers with a form for the picture: post it within 300 seconds, with `fields` first and the file as the last field, `file`. The profile shows the picture once it is checked, within a few seconds; a picture that is refused changes nothing. A picture is a JPEG, a PNG or a WebP of at most 1 MiB, of which the middle square is kept; a larger one is refused with `file_too_large`. It counts as one of the files that a user may declare in a day.
   *
   * @throws {ChatProblem} `invalid_request`, `file_too_large`
   */
  createProfilePicture(args: CreateProfilePictureArguments): Promise<UploadForm>;

  /**
   * Remove the profile picture: `DELETE /users/auth/profile/picture/`.
   *
   * Without effect when there is none. A picture that was declared before, and is not checked yet, is not shown any more either.
   */
  removeProfilePicture(): Promise<void>;

  /**
   * Delete the caller’s account: `DELETE /users/auth/profile/`.
   *
   * Needs the password, unless the caller signed in within the last ten minutes. A wrong password is answered with 400 and names the field. Deletes the profile, e-mail address, password, sessions, memberships and read markers. Messages stay without their attachments and show “deleted user” as their sender. Files, unsent uploads and profile pictures are removed. Rooms that other users can reach stay and show it as their creator. The username cannot be registered again. This cannot be undone.
   *
   * @throws {ChatProblem} `invalid_request`
   */
  deleteAccount(args?: DeleteAccountArguments): Promise<void>;

  /**
   * Export the caller’s data: `GET /users/auth/export/`.
   *
   * Returns everything that is stored about the caller. The first page has the account and its sessions. The next pages have the memberships and then the messages, from all rooms that the caller is or was a member of.
   *
   * @throws {ChatProblem} `invalid_request`
   */
  exportAccount(args?: ExportAccountArguments): PagedList<AccountExport>;

  /**
   * Search users by the start of their username: `GET /users/`.
   *
   * @throws {ChatProblem} `invalid_request`
   */
  findUsers(args: FindUsersArguments): Promise<UserSummary[]>;

  /**
   * List the public rooms by name: `GET /chat/rooms/`.
   *
   * @throws {ChatProblem} `invalid_request`
   */
  listRooms(args?: ListRoomsArguments): PagedList<RoomDetails>;

  /**
   * List the caller’s rooms, newest activity first: `GET /chat/rooms/mine/`.
   *
   * For a caller in more than 200 rooms, each block of 200 rooms is ordered by activity on its own. A page has at most 512 KB, so it can have fewer rooms than `limit` without being the last. Follow the `Link` header.
   *
   * @throws {ChatProblem} `invalid_request`
   */
  listMyRooms(args?: ListMyRoomsArguments): PagedList<MyRoom>;

  /**
   * Create a room: `POST /chat/rooms/create/`.
   *
   * @throws {ChatProblem} `invalid_request`, `room_name_taken`
   */
  createRoom(args: CreateRoomArguments): Promise<RoomDetails>;

  /**
   * Get a room: `GET /chat/rooms/{room_id}/`.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`
   */
  getRoom(args: GetRoomArguments): Promise<RoomDetails>;

  /**
   * Change a room (owner only): `PATCH /chat/rooms/{room_id}/`.
   *
   * Fields that are left out keep their value. Read-only fields are ignored.
   *
   * @throws {ChatProblem} `invalid_request`, `forbidden`, `not_found`, `room_name_taken`
   */
  updateRoom(args: UpdateRoomArguments): Promise<RoomDetails>;

  /**
   * Delete a room and everything in it (owner only): `DELETE /chat/rooms/{room_id}/`.
   *
   * @throws {ChatProblem} `invalid_request`, `forbidden`, `not_found`
   */
  deleteRoom(args: DeleteRoomArguments): Promise<void>;

  /**
   * Add a member to a private room (owner only): `POST /chat/rooms/{room_id}/members/add/`.
   *
   * @throws {ChatProblem} `invalid_request`, `forbidden`, `not_found`
   */
  addMember(args: AddMemberArguments): Promise<RoomDetails>;

  /**
   * Remove a member from a private room (owner only): `DELETE /chat/rooms/{room_id}/members/remove/{user_id}/`.
   *
   * The room is closed on all sockets of the member within five seconds. The owner cannot be removed.
   *
   * @throws {ChatProblem} `invalid_request`, `forbidden`, `not_found`
   */
  removeMember(args: RemoveMemberArguments): Promise<RoomDetails>;

  /**
   * List the members of a room: `GET /chat/rooms/{room_id}/members/`.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`
   */
  listMembers(args: ListMembersArguments): PagedList<Member>;

  /**
   * Leave a room: `POST /chat/rooms/{room_id}/leave/`.
   *
   * The owner of a room cannot leave it, and a direct room cannot be left.
   *
   * @throws {ChatProblem} `invalid_request`, `forbidden`, `not_found`
   */
  leaveRoom(args: LeaveRoomArguments): Promise<void>;

  /**
   * Get the direct room with a user: `POST /chat/dm/{target_user_id}/`.
   *
   * The first request creates the room. Both users get the same room.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`
   */
  openDirectRoom(args: OpenDirectRoomArguments): Promise<RoomDetails>;

  /**
   * List the messages of a room, oldest first: `GET /chat/rooms/{room_id}/messages/`.
   *
   * Returns the newest messages, or those before or after a `seq`, which is itself excluded. One request reads a bounded part of the log, so a page can have fewer messages than `limit`, or none, without being the last. Follow the `Link` header.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`
   */
  listMessages(args: ListMessagesArguments): PagedList<Message>;

  /**
   * Send a message: `POST /chat/rooms/{room_id}/messages/`.
   *
   * A repeated `client_id` stores no second message: the answer is the original one, with status 200. With `attachments`, the content may be empty. An upload whose check is not done is checked by this request; when that takes more than a few seconds, the answer is `try_again`.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`, `client_id_reused`, `upload_missing`, `file_empty`, `type_mismatch`, `unreadable_image`, `image_too_large`
   */
  sendMessage(args: SendMessageArguments): Promise<Message>;

  /**
   * Edit a message (sender only): `PATCH /chat/messages/{message_id}/edit/`.
   *
   * The message keeps its attachments. With attachments, the content may be empty.
   *
   * @throws {ChatProblem} `invalid_request`, `forbidden`, `not_found`
   */
  editMessage(args: EditMessageArguments): Promise<Message>;

  /**
   * Delete a message (sender only): `DELETE /chat/messages/{message_id}/delete/`.
   *
   * The message stays in the history without its content: `is_deleted` is true, and `content` is “This message has been deleted”.
   *
   * @throws {ChatProblem} `invalid_request`, `forbidden`, `not_found`
   */
  deleteMessage(args: DeleteMessageArguments): Promise<void>;

  /**
   * Move the caller’s read marker forward: `POST /chat/rooms/{room_id}/read/`.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`
   */
  markRead(args: MarkReadArguments): Promise<ReadState>;

  /**
   * Mark a message and those after it as unread: `POST /chat/rooms/{room_id}/unread/`.
   *
   * Moves the caller’s read marker back to just before the message, and leaves a marker that is below it already. The caller’s other devices receive `message_unread`; what other users see of it does not go back.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`
   */
  markUnread(args: MarkUnreadArguments): Promise<ReadState>;

  /**
   * List the caller’s rooms with unread messages: `GET /chat/unread/`.
   *
   * Counts neither the caller’s own messages nor deleted ones. A caller in more than 200 rooms gets the others with the next page: follow the `Link` header, and add up the totals.
   *
   * @throws {ChatProblem} `invalid_request`
   */
  listUnread(args?: ListUnreadArguments): PagedList<UnreadRooms>;

  /**
   * List how far the members have read: `GET /chat/rooms/{room_id}/read/`.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`
   */
  listReaders(args: ListReadersArguments): Promise<Reader[]>;

  /**
   * Create a ticket for one WebSocket connection: `POST /chat/ws-ticket/`.
   *
   * For browsers, which can neither send an `Authorization` header with a WebSocket nor see why a handshake was refused. With `room`, this request is refused for the same reasons as the handshake would be.
   *
   * @throws {ChatProblem} `invalid_request`, `forbidden`, `not_found`, `room_unavailable`
   */
  createTicket(args?: CreateTicketArguments): Promise<Ticket>;

  /**
   * Declare a file, to send it with a message in this room: `POST /chat/rooms/{room_id}/uploads/`.
   *
   * Answers with a form for the file: post it within 300 seconds, with `fields` first and the file as the last field, `file`. Then send a message whose `attachments` name the `upload_id`, within 12 hours. The file is checked once it is posted: its bytes decide its type, and images are written anew without their metadata. A file has at most 10 MiB; a larger one is refused with `file_too_large`. What is never sent is removed within two days. How many files and bytes a user may declare in a day is a setting of the deployment.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`, `file_too_large`
   */
  createUpload(args: CreateUploadArguments): Promise<UploadForm>;

  /**
   * Get an attachment with new addresses: `GET /chat/attachments/{attachment_id}/`.
   *
   * For attachments of messages in rooms that the caller may read, and for uploads of the caller that were not sent yet: those are answered with `upload_not_checked` until their check is done, and with the reason if it has refused them.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`, `upload_not_checked`, `file_empty`, `type_mismatch`, `unreadable_image`, `image_too_large`
   */
  getAttachment(args: GetAttachmentArguments): Promise<Attachment>;

  /**
   * Get the result of the last check of the promises: `GET /health/promises/`.
   *
   * A canary regularly sends messages in a room of its own, loses a connection and resumes. `unknown` means that there was no check, or none in the last minutes.
   */
  getPromisesHealth(): Promise<PromisesHealth>;

  /** Check whether the API is available: `GET /health/`. */
  getHealth(): Promise<Health>;

  /**
   * Search the messages of a room: `GET /chat/rooms/{room_id}/search/`.
   *
   * One request reads a bounded part of the messages, newest first, and says how far back it has searched. A page may have few results, or none, while the search goes on: follow its `cursor`. Deleted messages are never found.
   *
   * @throws {ChatProblem} `invalid_request`, `not_found`
   */
  searchRoom(args: SearchRoomArguments): Promise<SearchPage>;

  /**
   * Search the messages of the caller’s rooms: `GET /chat/search/`.
   *
   * One request reads a bounded part of the messages, newest first, and says how far back it has searched. A page may have few results, or none, while the search goes on: follow its `cursor`. Deleted messages are never found. For a caller in more than 64 rooms, each block of 64 rooms is searched on its own: `searched_back_to` is then null at the end of a block, whose `cursor` leads to the next one.
   *
   * @throws {ChatProblem} `invalid_request`
   */
  searchMyRooms(args?: SearchMyRoomsArguments): Promise<SearchPage>;
}
