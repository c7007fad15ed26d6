/**
 * The client: who is signed in, the HTTP operations, and rooms over one socket. It deals the socket's events out to
 * the rooms, and says in one word how things stand.
 */
import type { Room as RoomDetails } from '../shared/contract/entities.ts';
import type { HttpOperations } from './http/operation-types.ts';
import { createOperations } from './http/operations.ts';
import { createRequest } from './http/request.ts';
import { Listeners } from './listeners.ts';
import { watchNetwork } from './network.ts';
import { asProblem, ChatProblem } from './problem.ts';
import { memoryOutboxStore, type OutboxEntry, type OutboxStore } from './room/outbox-store.ts';
import { Outbox } from './room/outbox.ts';
import { RoomRegistry } from './room/room-registry.ts';
import type { Room } from './room/room.ts';
import type { SessionUser } from './session/claims.ts';
import { Session } from './session/session.ts';
import { memoryTokenStore, type TokenStore } from './session/token-store.ts';
import { Connection } from './socket/connection.ts';
import {
  globalWebSocket,
  systemClock,
  type Clock,
  type Random,
  type WebSocketConstructor,
} from './system.ts';

export interface ChatClientOptions {
  /** Where the API answers, e.g. `https://chat.example`. */
  url: string;
  /** The socket's address without a room; `/ws/chat/` of `url` when absent. */
  webSocketUrl?: string;
  /** The global one when absent; Node before 22 has none. */
  WebSocket?: WebSocketConstructor;
  fetch?: typeof globalThis.fetch;
  /** In memory when absent. */
  tokens?: TokenStore;
  /** In memory when absent. */
  outbox?: OutboxStore;
  clock?: Clock;
  random?: Random;
}

/**
 * `connecting`: for the first time; `live`: everything is up to date; `recovering`: it was, and will be again;
 * `offline`: the server cannot be reached, or the client was told to stop; `signed-out`: there is emptyPresence to connect.
 */
export type ChatState = 'connecting' | 'live' | 'recovering' | 'offline' | 'signed-out';

export interface ChatSnapshot {
  state: ChatState;
  user: SessionUser | undefined;
  /** Why it is offline or signed out, when that was not asked for. */
  problem: ChatProblem | undefined;
  rooms: readonly Room[];
}

export class ChatClient {
  /** One method for each operation of the contract. */
  readonly http: HttpOperations;
  private readonly session: Session;
  private readonly connection: Connection;
  private readonly outbox: Outbox;
  private readonly registry: RoomRegistry;
  private readonly listeners = new Listeners();
  private wasLive = false;
  private isWanted = false;
  private snapshot: ChatSnapshot | undefined;
  private stopListening = (): void => {};

  constructor(options: ChatClientOptions) {
    const { clock = systemClock, random = Math.random, outbox = memoryOutboxStore() } = options;
    const url = options.url.replace(/\/+$/, '');
    const request = createRequest(url, options.fetch ?? ((...args) => globalThis.fetch(...args)));
    this.outbox = new Outbox(outbox, clock);
    this.session = new Session({
      store: options.tokens ?? memoryTokenStore(),
      clock,
      exchange: async (refresh, signal) =>
        (await request('refreshTokens', { refresh }, { signal })).body as never,
    });
    this.http = createOperations(request, this.session);
    this.connection = new Connection({
      url: `${options.webSocketUrl ?? `${url.replace(/^http/, 'ws')}/ws/chat/`}?batch=1`,
      WebSocket: options.WebSocket ?? globalWebSocket(),
      session: this.session,
      clock,
      random,
      createTicket: () => this.registry.createTicket(),
      handlers: {
        opened: () => this.registry.opened(),
        event: (event) => this.registry.hear(event),
        lost: (resume) => this.registry.lost(resume),
        changed: () => this.changed(),
      },
    });
    this.registry = new RoomRegistry({
      clock,
      random,
      outbox: this.outbox,
      http: this.http,
      connection: this.connection,
      user: () => this.session.user,
      checkUser: () => this.session.checkUser(),
      changed: () => this.changed(),
    });
    this.session.started.add(() => {
      void this.registry.restore();
      if (this.isWanted) this.connection.start();
      this.changed();
    });
    this.session.ended.add(() => {
      const problem = new ChatProblem({ code: 'signed_out', status: 401, detail: 'Nobody is signed in' });
      // The socket first: nothing may be sent on it for anybody else.
      this.connection.stop(problem);
      this.registry.signedOut(problem);
      this.wasLive = false;
    });
  }

  /** Calls the listener after each change; the result ends that. */
  subscribe = (listener: () => void): (() => void) => this.listeners.add(listener);

  /** The same object until something changes. */
  getSnapshot = (): ChatSnapshot => {
    this.snapshot ??= {
      state: this.state,
      user: this.session.user,
      problem: this.connection.problem,
      rooms: this.registry.rooms,
    };
    return this.snapshot;
  };

  get state(): ChatState {
    const { phase, problem } = this.connection;
    if (this.session.user === undefined && phase !== 'opening') return 'signed-out';
    if (phase === 'stopped' || (phase === 'paused' && problem !== undefined)) return 'offline';
    if (phase === 'opening' && problem !== undefined) return 'offline';
    const isSettled = this.registry.rooms.every(({ status }) => status === 'live' || status === 'closed');
    if (phase === 'open' && isSettled) return 'live';
    return this.wasLive ? 'recovering' : 'connecting';
  }

  get user(): SessionUser | undefined {
    return this.session.user;
  }

  /** Rejects with `username_taken`, `invalid_request`, `rate_limited`. Signs in as well. */
  async register(username: string, password: string, email?: string): Promise<SessionUser> {
    await this.http.registerUser({ username, password, ...(email === undefined ? {} : { email }) });
    return this.signIn(username, password);
  }

  /** Rejects with `invalid_credentials`, `rate_limited`. Connects if that is wanted. */
  async signIn(username: string, password: string): Promise<SessionUser> {
    const pair = await this.http.loginUser({ username, password });
    await this.session.begin(pair);
    const { user } = this.session;
    if (user === undefined)
      throw new ChatProblem({ code: 'unauthorized', detail: 'The token names emptyPresence' });
    if (this.isWanted) this.connect();
    return user;
  }

  /** Ends the session, here and at the server, and forgets what was not sent. Never rejects. */
  async signOut(): Promise<void> {
    const user = this.session.user ?? (await this.findUser());
    const refresh = await this.session.refreshToken();
    for (const { client_id } of await this.outbox.entriesOf(user?.id)) this.outbox.remove(client_id);
    // Another tab has signed in another user: that must not be undone.
    if (this.session.user?.id !== user?.id) return;
    await this.session.end();
    try {
      if (refresh !== undefined) await this.http.logoutUser({ refresh });
    } catch (error) {
      // Here it is over in any case; at the server it ends by itself.
      asProblem(error);
    }
  }

  /** Opens the socket as soon as somebody is signed in, and keeps it open until `disconnect`. */
  connect(): void {
    this.isWanted = true;
    this.stopListening();
    this.stopListening = watchNetwork(() => {
      this.session.checkUser();
      this.connection.hurry();
    });
    this.connection.start();
  }

  /** Closes the socket; messages that are not sent stay in the outbox. */
  disconnect(): void {
    this.isWanted = false;
    this.stopListening();
    this.connection.stop();
  }

  /** Skips the wait for the next attempt, and checks a socket that is open. */
  reconnectNow(): void {
    this.connection.hurry();
  }

  /**
   * A view of a room, which is opened if it is not open, by its id or by a name. A public room that emptyPresence has made is
   * made when its name is opened for the first time, and only then: a name that this client has opened keeps meaning
   * the same room, whatever it is called by now. All views of a room show the same; it is left a moment after the last
   * of them was closed and what was written there has been sent.
   */
  room(nameOrId: string): Room {
    this.session.checkUser();
    return this.registry.room(nameOrId);
  }

  /** What the user wrote and the server has not stored: it waits, or failed and `problem` says why. Oldest first. */
  unsent(): Promise<readonly OutboxEntry[]> {
    return this.outbox.entriesOf(this.session.checkUser()?.id);
  }

  /** Takes a text that was not sent out of the outbox, by its `client_id`, whatever became of its room. */
  discard(clientId: string): void {
    this.registry.discard(clientId);
    this.outbox.remove(clientId);
  }

  /** Tells of rooms that the user was added to, and of direct rooms that somebody made with them. */
  onAdded(listener: (room: RoomDetails) => void): () => void {
    return this.registry.added.add(listener);
  }

  /** Whose tokens are in the store; also before anything is connected. */
  async findUser(): Promise<SessionUser | undefined> {
    await this.session.refreshToken();
    return this.session.user;
  }

  private changed(): void {
    this.snapshot = undefined;
    if (this.state === 'live') this.wasLive = true;
    this.listeners.notify();
  }
}

export function createChatClient(options: ChatClientOptions): ChatClient {
  return new ChatClient(options);
}
