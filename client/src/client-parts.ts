/** Creates the parts of a client from its options, and connects them with each other. */
import type { ChatClientOptions } from './chat-client-types.ts';
import type { HttpOperations } from './contract/http-operations.ts';
import { routes } from './contract/routes.ts';
import { defaultStores, keepsRooms } from './default-stores.ts';
import type { Log } from './event-log.ts';
import { createOperations } from './http/operations.ts';
import { createRequest, type SendRequest } from './http/request.ts';
import { StoredRooms } from './offline/stored-rooms.ts';
import { asProblem, ChatProblem } from './problem.ts';
import * as problems from './problems.ts';
import { Outbox } from './room/outbox.ts';
import { RoomRegistry } from './room/room-registry.ts';
import { withListedRooms } from './rooms/listed-operations.ts';
import { RoomList } from './rooms/room-list.ts';
import { askApplication } from './session/application-tokens.ts';
import { Session, type SessionPorts } from './session/session.ts';
import { memoryTokenStore, type TokenStore } from './session/token-store.ts';
import { tolerantTokenStore } from './session/tolerant-token-store.ts';
import { Connection } from './socket/connection.ts';
import { systemClock, type WebSocketConstructor } from './system.ts';
import { socketOpener } from './tabs/socket-opener.ts';
import { Uploads } from './uploads/uploads.ts';

export interface ClientParts {
  http: HttpOperations;
  session: Session;
  connection: Connection;
  outbox: Outbox;
  uploads: Uploads;
  registry: RoomRegistry;
  rooms: RoomList;
  /** Undefined if rooms are not kept on the device. */
  stored: StoredRooms | undefined;
  /** Whether the application signs its users in. */
  takesTokens: boolean;
}

export interface ClientPartsHandlers {
  /** Returns the class of sockets. */
  WebSocket: () => WebSocketConstructor;
  log: Log;
  /** The state of the connection or of a room has changed. */
  changed(): void;
  /** A store has failed. */
  storageFailed(problem: ChatProblem): void;
}

export function createClientParts(options: ChatClientOptions, handlers: ClientPartsHandlers): ClientParts {
  const { clock = systemClock, random = Math.random } = options;
  const url = options.url.replace(/\/+$/, '');
  const request = createRequest(url, options.fetch ?? ((...args) => globalThis.fetch(...args)));
  const storageFailed = (error: unknown): void => handlers.storageFailed(problems.notStored(error));
  const changed = (): void => handlers.changed();
  const { log } = handlers;
  const stores = defaultStores(url, options.persist ?? true);
  const outbox = new Outbox({
    store: options.outbox ?? stores.outbox,
    clock,
    report: storageFailed,
    log,
    uploads: () => uploads,
  });
  const tokens = tolerantTokenStore(options.tokens ?? stores.tokens, storageFailed);
  const session = new Session({ clock, ...tokenSource(options, request, tokens) });
  session.started.add(({ id }) => log('info', 'session.started', { user_id: id }));
  session.renewed.add(() => log('debug', 'session.renewed'));
  session.ended.add(() => log('info', 'session.ended'));
  const stored = keepsRooms(options)
    ? new StoredRooms({
        session,
        clock,
        name: `chat:${url}`,
        failed: (error) => handlers.storageFailed(problems.roomsNotStored(error)),
      })
    : undefined;
  const http = withListedRooms(createOperations<HttpOperations>(routes, { request, session }), () => rooms);
  const uploads: Uploads = new Uploads({
    http,
    fetch: options.fetch,
    clock,
    random,
    session,
    outbox,
    databaseName: keepsRooms(options) ? `chat:${url}:files` : undefined,
    storageFailed,
    Problem: ChatProblem,
    asProblem,
    updateLogs: (change) => registry.updateLogs(change),
  });
  const webSocketUrl = `${options.webSocketUrl ?? `${url.replace(/^http/, 'ws')}/ws/chat/`}?batch=1`;
  const opener = socketOpener({
    options,
    url: webSocketUrl,
    session,
    clock,
    log,
    WebSocket: handlers.WebSocket,
    createTicket: () => registry.createTicket(),
  });
  const connection = new Connection({
    url: webSocketUrl,
    openSocket: opener.open,
    session,
    clock,
    random,
    log,
    handlers: {
      opened: () => {
        registry.socketOpened();
        uploads.loaded?.wake();
        rooms.socketOpened();
      },
      event: (event) => {
        registry.receive(event);
        rooms.receive(event);
      },
      lost: (canResume) => {
        registry.socketLost(canResume);
        rooms.socketLost();
      },
      changed,
    },
  });
  const registry: RoomRegistry = new RoomRegistry({
    clock,
    random,
    log,
    outbox,
    uploads,
    stored,
    http,
    connection,
    user: () => session.user,
    checkUser: () => session.checkUser(),
    changed,
    roomChanged: (room) => {
      rooms.roomChanged(room);
      opener.roomChanged(room);
    },
  });
  const rooms: RoomList = new RoomList({
    clock,
    random,
    http,
    connection,
    userId: () => session.user?.id,
    openRooms: () => registry.openRooms,
    stored,
  });
  const takesTokens = options.getToken !== undefined;
  return { http, session, connection, outbox, uploads, registry, rooms, stored, takesTokens };
}

/** Tokens come from sign-ins by this client, or from the application. */
function tokenSource(
  { getToken }: ChatClientOptions,
  request: SendRequest,
  store: TokenStore,
): Omit<SessionPorts, 'clock'> {
  if (getToken !== undefined) {
    return { store: memoryTokenStore(), exchange: askApplication(getToken), asksApplication: true };
  }
  return {
    store,
    exchange: async (refresh, signal) =>
      (await request(routes.refreshTokens, { refresh }, { signal })).body as never,
  };
}
