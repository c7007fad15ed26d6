/** The client: what an application calls, and the common state of session, connection and rooms. */
import type { Attachment, RoomDetails } from './contract/entities.ts';
import type { ChatClientOptions, ChatSnapshot, ChatState, ProfilePicture } from './chat-client-types.ts';
import { chatStateOf } from './chat-state.ts';
import { createClientParts, type ClientParts } from './client-parts.ts';
import type { HttpOperations } from './contract/http-operations.ts';
import { createEventLog, type EventLog, type LogEntry } from './event-log.ts';
import { Listeners } from './listeners.ts';
import { watchNetwork } from './network.ts';
import type { ChatProblem } from './problem.ts';
import * as problems from './problems.ts';
import type { OutboxEntry } from './room/outbox-store.ts';
import type { Room } from './room/room.ts';
import type { SessionUser } from './session/claims.ts';
import { findUser, registerUser, signIn, signOut } from './sign-in.ts';
import type { RoomList } from './rooms/room-list.ts';
import { globalWebSocket, systemClock, type WebSocketConstructor } from './system.ts';

/** A client of the chat API for one user at a time. Create it with {@link createChatClient}. */
export class ChatClient {
  /**
   * The HTTP operations of the API, one method each. They reject with a `ChatProblem`.
   *
   * @example
   * for await (const { room_name } of client.http.listRooms()) console.log(room_name);
   */
  readonly http: HttpOperations;
  /**
   * The live list of the user's rooms, newest activity first. It is loaded and followed while something subscribes to it.
   *
   * @example
   * client.rooms.subscribe(() => render(client.rooms.getSnapshot().rooms));
   */
  readonly rooms: RoomList;
  /** The picture of the user, which other users see beside their name. */
  readonly profilePicture: ProfilePicture;
  readonly #parts: ClientParts;
  readonly #listeners = new Listeners();
  #wasLive = false;
  /** Between `connect` and `disconnect`. */
  #shouldConnect = false;
  readonly #log: EventLog;
  #snapshot: ChatSnapshot | undefined;
  #storageProblem: ChatProblem | undefined;
  #stopWatchingNetwork = (): void => {};

  readonly #webSocketClass: () => WebSocketConstructor;
  constructor(options: ChatClientOptions) {
    // Looked up when it is needed, so that a client can be created on a server that renders a page.
    this.#webSocketClass = () => options.WebSocket ?? globalWebSocket();
    const { clock = systemClock, logLevel = 'error', logger = console } = options;
    this.#log = createEventLog(clock, logLevel, logger);
    this.#parts = createClientParts(options, {
      WebSocket: this.#webSocketClass,
      log: this.#log.log,
      changed: () => this.#changed(),
      storageFailed: (problem) => this.#storageFailed(problem),
    });
    const { http, session, connection, registry, rooms, uploads } = this.#parts;
    this.http = http;
    this.rooms = rooms;
    this.profilePicture = {
      set: (file) => uploads.use((part) => part.setPicture(file)),
      remove: () => http.removeProfilePicture(),
    };
    session.started.add(() => {
      void registry.restore();
      rooms.userChanged();
      if (this.#shouldConnect) connection.start();
      this.#changed();
    });
    session.ended.add(() => {
      const problem = problems.signedOut();
      // The socket ends first, so that nothing is sent on it for the next user.
      connection.stop(problem);
      registry.signedOut(problem);
      rooms.userChanged();
      this.#wasLive = false;
    });
  }

  /**
   * Calls the listener after each change, until the returned function is called.
   *
   * @example
   * client.subscribe(() => showState(client.getSnapshot().state));
   */
  subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  /** Returns the client's state: the same object until something changes. */
  getSnapshot = (): ChatSnapshot => {
    const { session, connection, registry } = this.#parts;
    this.#snapshot ??= {
      state: this.state,
      user: session.user,
      problem: connection.problem,
      storageProblem: this.#storageProblem,
      rooms: registry.rooms,
    };
    return this.#snapshot;
  };

  get state(): ChatState {
    const { session, connection, registry, takesTokens } = this.#parts;
    const { phase, problem } = connection;
    const { rooms } = registry;
    const hasUser = session.user !== undefined;
    return chatStateOf({ phase, problem, rooms, hasUser, takesTokens, wasLive: this.#wasLive });
  }

  get user(): SessionUser | undefined {
    return this.#parts.session.user;
  }

  /**
   * Creates an account and signs in.
   *
   * @throws {ChatProblem} `username_taken`, `invalid_request` (with `errors` for each field), `rate_limited`,
   * `unreachable`; `not_available` with the option `getToken`
   */
  async register(username: string, password: string, email?: string): Promise<SessionUser> {
    await registerUser(this.#parts, { username, password, ...(email === undefined ? {} : { email }) });
    return this.signIn(username, password);
  }

  /**
   * Signs in. Tokens are renewed without further calls.
   *
   * @throws {ChatProblem} `invalid_credentials`, `rate_limited`, `unreachable`; `not_available` with the option `getToken`
   * @example
   * await client.signIn('ann', 'lantern-orbit-42');
   * client.connect();
   */
  async signIn(username: string, password: string): Promise<SessionUser> {
    const user = await signIn(this.#parts, { username, password });
    if (this.#shouldConnect) this.connect();
    return user;
  }

  /**
   * Ends the session on this device and on the server, and discards the user's unsent messages. Never rejects. With the
   * option `getToken`, the session belongs to the application: call this when its user signs out there.
   */
  signOut(): Promise<void> {
    return signOut(this.#parts);
  }

  /**
   * Opens the socket as soon as a user is signed in, and opens it again whenever it is lost, until `disconnect`.
   *
   * @throws {ChatProblem} `not_available` when there is no `WebSocket` class, neither among the options nor a global one
   */
  connect(): void {
    this.#webSocketClass();
    this.#parts.session.askAgain();
    this.#shouldConnect = true;
    this.#stopWatchingNetwork();
    this.#stopWatchingNetwork = watchNetwork({
      hint: () => this.reconnectNow(),
      offline: () => this.#parts.connection.networkLost(),
      log: this.#log.log,
    });
    this.#parts.connection.start();
  }

  /** Closes the socket. Unsent messages stay in the outbox. */
  disconnect(): void {
    this.#shouldConnect = false;
    this.#stopWatchingNetwork();
    this.#parts.connection.stop();
  }

  /** Tries to connect now instead of after the current pause, or checks whether an open socket still lives. */
  reconnectNow(): void {
    this.#parts.session.checkUser();
    this.#parts.connection.reconnectNow();
    this.rooms.hint();
  }

  /**
   * Opens a view of a room. All views of a room show the same; the room is left when the last one is closed and its
   * messages have been sent.
   *
   * A public room that does not exist is created, but only when its name is opened for the first time: a name that this
   * client has opened before leads to the same room, even after a rename. With `create: false`, a room that does not
   * exist is not created: the view is closed with the problem `not_found`. Use it for names that users type.
   *
   * @param nameOrId the room's name or id
   * @example
   * const room = client.room(field.value, { create: false });
   */
  room(nameOrId: string, { create = true }: { create?: boolean } = {}): Room {
    this.#parts.session.checkUser();
    return this.#parts.registry.open({ key: nameOrId, mayCreate: create });
  }

  /** Returns the user's messages that the server has not stored, oldest first: waiting, or failed with a `problem`. */
  unsent(): Promise<readonly OutboxEntry[]> {
    return this.#parts.outbox.entriesOf(this.#parts.session.checkUser()?.id);
  }

  /** Removes an unsent message from the outbox by its `client_id`, also if its room does not exist any more. */
  discard(clientId: string): void {
    this.#parts.registry.discard(clientId);
    this.#parts.outbox.remove(clientId, 'discarded');
  }

  /** Like `room.renewAttachment`, for an attachment of any room. */
  renewAttachment(attachmentId: string): Promise<Attachment> {
    return this.#parts.uploads.use((part) => part.renew(attachmentId));
  }

  /**
   * Calls the listener with each room that the user is added to, and each direct room that another user opens with
   * them, until the returned function is called.
   *
   * @example
   * client.onAdded(({ room_id, room_name }) => showInvitation(room_name, () => client.room(room_id)));
   */
  onAdded(listener: (room: RoomDetails) => void): () => void {
    return this.#parts.registry.added.add(listener);
  }

  /**
   * Returns the user whose tokens are in the token store, or who is signed in to the application. Works before `connect`.
   *
   * @throws {ChatProblem} `unreachable` when the application's `getToken` rejects
   */
  findUser(): Promise<SessionUser | undefined> {
    return findUser(this.#parts);
  }

  /**
   * Returns what the client did, at most the last 500 events, oldest first: what happened to the connection, the rooms and
   * the outbox, without texts of messages and without tokens. Attach it to a bug report.
   *
   * @example
   * console.table(client.eventLog());
   */
  eventLog(): readonly LogEntry[] {
    return this.#log.entries();
  }

  /** Reports the first failure of a store: the next ones would say the same. */
  #storageFailed(problem: ChatProblem): void {
    if (this.#storageProblem !== undefined) return;
    this.#storageProblem = problem;
    this.#log.log('warn', 'storage.failed', { problem: String(problem.cause) });
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = undefined;
    if (this.state === 'live') this.#wasLive = true;
    this.#listeners.notify();
  }
}
