/** The client: what an application calls, and the common state of session, connection and rooms. */
import type { RoomDetails } from './contract/entities.ts';
import type { ChatClientOptions, ChatSnapshot, ChatState } from './chat-client-types.ts';
import { chatStateOf } from './chat-state.ts';
import { createClientParts } from './client-parts.ts';
import type { HttpOperations } from './contract/http-operations.ts';
import { createEventLog, type EventLog, type LogEntry } from './event-log.ts';
import { Listeners } from './listeners.ts';
import { watchNetwork } from './network.ts';
import type { StoredRooms } from './offline/stored-rooms.ts';
import { asProblem, type ChatProblem, problems } from './problem.ts';
import type { OutboxEntry } from './room/outbox-store.ts';
import type { Outbox } from './room/outbox.ts';
import type { RoomRegistry } from './room/room-registry.ts';
import type { Room } from './room/room.ts';
import type { SessionUser } from './session/claims.ts';
import type { RoomList } from './rooms/room-list.ts';
import type { Session } from './session/session.ts';
import type { Connection } from './socket/connection.ts';
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
  readonly #session: Session;
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #registry: RoomRegistry;
  readonly #stored: StoredRooms | undefined;
  readonly #listeners = new Listeners();
  #wasLive = false;
  /** Between `connect` and `disconnect`. */
  #shouldConnect = false;
  /** Whether the application signs its users in. */
  readonly #takesTokens: boolean;
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
    this.#takesTokens = options.getToken !== undefined;
    const parts = createClientParts(options, {
      WebSocket: this.#webSocketClass,
      log: this.#log.log,
      changed: () => this.#changed(),
      storageFailed: (problem) => this.#storageFailed(problem),
    });
    this.http = parts.http;
    this.#session = parts.session;
    this.#connection = parts.connection;
    this.#outbox = parts.outbox;
    this.#registry = parts.registry;
    this.rooms = parts.rooms;
    this.#stored = parts.stored;
    this.#session.started.add(() => {
      void this.#registry.restore();
      this.rooms.userChanged();
      if (this.#shouldConnect) this.#connection.start();
      this.#changed();
    });
    this.#session.ended.add(() => {
      const problem = problems.signedOut();
      // The socket ends first, so that nothing is sent on it for the next user.
      this.#connection.stop(problem);
      this.#registry.signedOut(problem);
      this.rooms.userChanged();
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
    this.#snapshot ??= {
      state: this.state,
      user: this.#session.user,
      problem: this.#connection.problem,
      storageProblem: this.#storageProblem,
      rooms: this.#registry.rooms,
    };
    return this.#snapshot;
  };

  get state(): ChatState {
    const { phase, problem } = this.#connection;
    const { rooms } = this.#registry;
    const hasUser = this.#session.user !== undefined;
    const takesTokens = this.#takesTokens;
    const wasLive = this.#wasLive;
    return chatStateOf({ phase, problem, rooms, hasUser, takesTokens, wasLive });
  }

  get user(): SessionUser | undefined {
    return this.#session.user;
  }

  /**
   * Creates an account and signs in.
   *
   * @throws {ChatProblem} `username_taken`, `invalid_request` (with `errors` for each field), `rate_limited`,
   * `unreachable`; `not_available` with the option `getToken`
   */
  async register(username: string, password: string, email?: string): Promise<SessionUser> {
    if (this.#takesTokens) throw problems.signInElsewhere();
    await this.http.registerUser({ username, password, ...(email === undefined ? {} : { email }) });
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
    if (this.#takesTokens) throw problems.signInElsewhere();
    const pair = await this.http.loginUser({ username, password });
    await this.#session.begin(pair);
    const { user } = this.#session;
    if (user === undefined) throw problems.foreignToken();
    if (this.#shouldConnect) this.connect();
    return user;
  }

  /**
   * Ends the session on this device and on the server, and discards the user's unsent messages. Never rejects. With the
   * option `getToken`, the session belongs to the application: call this when its user signs out there.
   */
  async signOut(): Promise<void> {
    const before = this.#session.user;
    await this.#session.refreshToken();
    const user = before ?? this.#session.user;
    const refresh = await this.#session.refreshToken();
    for (const { client_id } of await this.#outbox.entriesOf(user?.id))
      this.#outbox.remove(client_id, 'discarded');
    // Another tab has signed in another user, who stays signed in.
    if (this.#session.user?.id !== user?.id) return;
    await this.#session.end();
    await this.#stored?.removed;
    try {
      if (refresh !== undefined && !this.#takesTokens) await this.http.logoutUser({ refresh });
    } catch (error) {
      // The tokens are forgotten here in any case; on the server the session expires by itself.
      asProblem(error);
    }
  }

  /**
   * Opens the socket as soon as a user is signed in, and opens it again whenever it is lost, until `disconnect`.
   *
   * @throws {ChatProblem} `not_available` when there is no `WebSocket` class, neither among the options nor a global one
   */
  connect(): void {
    this.#webSocketClass();
    this.#session.askAgain();
    this.#shouldConnect = true;
    this.#stopWatchingNetwork();
    this.#stopWatchingNetwork = watchNetwork({
      hint: () => this.reconnectNow(),
      offline: () => this.#connection.networkLost(),
      log: this.#log.log,
    });
    this.#connection.start();
  }

  /** Closes the socket. Unsent messages stay in the outbox. */
  disconnect(): void {
    this.#shouldConnect = false;
    this.#stopWatchingNetwork();
    this.#connection.stop();
  }

  /** Tries to connect now instead of after the current pause, or checks whether an open socket still lives. */
  reconnectNow(): void {
    this.#session.checkUser();
    this.#connection.reconnectNow();
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
    this.#session.checkUser();
    return this.#registry.open({ key: nameOrId, mayCreate: create });
  }

  /** Returns the user's messages that the server has not stored, oldest first: waiting, or failed with a `problem`. */
  unsent(): Promise<readonly OutboxEntry[]> {
    return this.#outbox.entriesOf(this.#session.checkUser()?.id);
  }

  /** Removes an unsent message from the outbox by its `client_id`, also if its room does not exist any more. */
  discard(clientId: string): void {
    this.#registry.discard(clientId);
    this.#outbox.remove(clientId, 'discarded');
  }

  /**
   * Calls the listener with each room that the user is added to, and each direct room that another user opens with
   * them, until the returned function is called.
   *
   * @example
   * client.onAdded(({ room_id, room_name }) => showInvitation(room_name, () => client.room(room_id)));
   */
  onAdded(listener: (room: RoomDetails) => void): () => void {
    return this.#registry.added.add(listener);
  }

  /**
   * Returns the user whose tokens are in the token store, or who is signed in to the application. Works before `connect`.
   *
   * @throws {ChatProblem} `unreachable` when the application's `getToken` rejects
   */
  async findUser(): Promise<SessionUser | undefined> {
    this.#session.askAgain();
    if (this.#takesTokens) await this.#session.accessIfAny();
    else await this.#session.refreshToken();
    return this.#session.user;
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
