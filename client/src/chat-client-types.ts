/** The options of the client, and what it shows of itself. */
import type { ChatProblem } from './problem.ts';
import type { OutboxStore } from './room/outbox-store.ts';
import type { Room } from './room/room.ts';
import type { SessionUser } from './session/claims.ts';
import type { TokenStore } from './session/token-store.ts';
import type { Clock, Random, WebSocketConstructor } from './system.ts';

export interface ChatClientOptions {
  /** The API's address, such as `https://chat.example`. */
  url: string;
  /** The address of sockets without a room; by default `/ws/chat/` of `url`. */
  webSocketUrl?: string;
  /** By default the global class. Node before version 22 has none: pass that of the package `ws`. */
  WebSocket?: WebSocketConstructor;
  /** By default the global function. */
  fetch?: typeof globalThis.fetch;
  /** Keeps the tokens; by default `memoryTokenStore()`. */
  tokens?: TokenStore;
  /** Keeps unsent messages; by default `memoryOutboxStore()`. */
  outbox?: OutboxStore;
  /** For tests. */
  clock?: Clock;
  /** For tests. */
  random?: Random;
}

/**
 * - `connecting`: the first connection is being opened.
 * - `live`: the socket and all rooms are open and up to date.
 * - `recovering`: the client was live, and will be again.
 * - `offline`: the server cannot be reached, or `disconnect` was called. A client without a network is offline within 3
 *   seconds where the browser reports it. Where it does not, a page that is visible is offline within 70 seconds, any
 *   other client within the server's heartbeat and 10 seconds, and each within 18 seconds of sending a message.
 * - `signed-out`: no user is signed in, so there is nothing to connect as.
 */
export type ChatState = 'connecting' | 'live' | 'recovering' | 'offline' | 'signed-out';

export interface ChatSnapshot {
  state: ChatState;
  user: SessionUser | undefined;
  /** Why the client is offline or signed out; undefined when the application itself asked for that. */
  problem: ChatProblem | undefined;
  /** Why tokens or unsent messages are in memory only: their store has failed. The client works on. */
  storageProblem: ChatProblem | undefined;
  /** One view of each room that is open or waits for messages to be sent. */
  rooms: readonly Room[];
}
