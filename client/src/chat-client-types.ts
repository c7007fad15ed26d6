/** The options of the client, and what it shows of itself. */
import type { Logger, LogLevel } from './event-log.ts';
import type { ChatProblem } from './problem.ts';
import type { OutboxStore } from './room/outbox-store.ts';
import type { Room } from './room/room.ts';
import type { GetToken } from './session/application-tokens.ts';
import type { SessionUser } from './session/claims.ts';
import type { TokenStore } from './session/token-store.ts';
import type { Clock, Random, WebSocketConstructor } from './system.ts';

export interface ChatClientOptions {
  /** The API's address, such as `https://chat.example`. */
  url: string;
  /** The address of sockets without a room; by default `/ws/chat/` of `url`. */
  webSocketUrl?: string;
  /** By default the global class, when `connect` is called. Node before version 22 has none: pass that of the package `ws`. */
  WebSocket?: WebSocketConstructor;
  /** By default the global function. */
  fetch?: typeof globalThis.fetch;
  /**
   * Whether to keep tokens and unsent messages in the page's `localStorage`, under names that begin with `chat:` and the
   * `url`; by default true. Where there is no page, such as in Node, or when it is false, both are in memory and end with
   * the client.
   *
   * - The tokens stay until the user signs out or the server ends the session, by default a day after the last use. Scripts
   *   of the page's origin can read them.
   * - An unsent message stays until the server has stored it, it is discarded, or its author signs out.
   */
  persist?: boolean;
  /**
   * Whether to keep the user's rooms in the browser's IndexedDB, so that a room shows its messages at once after a reload,
   * also without a network, and only what was missed is requested. By default it follows `persist` where there is a page;
   * environments without IndexedDB keep nothing.
   *
   * - Of each room the newest 500 messages are kept, with the read markers; of the user the 100 rooms that were used last.
   * - Files of unsent messages are kept, too, at most 20 with 25 MiB of one user: until the server has stored their message, it
   *   is discarded, or its author signs out.
   * - Rooms are removed when the user signs out, when their session ends, and when another user signs in. A room that the user
   *   was removed from is removed as soon as the client learns of it. Scripts of the page's origin can read them.
   */
  cache?: boolean;
  /**
   * Whether the tabs of one user share one WebSocket, which another tab opens again when the tab that has it is closed. By
   * default it follows `persist` where there is a page. Tabs of different users share nothing, and where the browser has no
   * Web Locks or no `BroadcastChannel`, such as on a page without HTTPS, each tab has a socket of its own.
   */
  shareConnection?: boolean;
  /** Keeps the tokens, instead of what `persist` says. */
  tokens?: TokenStore;
  /** Keeps unsent messages, instead of what `persist` says. */
  outbox?: OutboxStore;
  /**
   * For applications that sign their users in themselves: returns an access token of this API for the current user, or
   * undefined when no user is signed in. It is called when a token is needed, again shortly before that token ends, and
   * when the server has refused it. The tokens are in memory only; `signIn` and `register` are not available. After a
   * sign-in of another user, or one that follows `signOut`, call `connect`.
   *
   * @example
   * createChatClient({ url, getToken: async () => (await fetch('/chat-token')).text() });
   */
  getToken?: GetToken;
  /**
   * Which events the `logger` receives; by default `error`: what the application has to mend. `warn` adds problems that
   * the client handles, `info` the states of connection and rooms, `debug` commands, answers and messages. It has no effect
   * on `eventLog()`, which has all of them.
   */
  logLevel?: LogLevel;
  /** By default `console`. */
  logger?: Logger;
  /** For tests. */
  clock?: Clock;
  /** For tests. */
  random?: Random;
}

/** Changes the picture of the signed-in user. */
export interface ProfilePicture {
  /**
   * Uploads a JPEG, PNG or WebP of at most 1 MiB, and waits until the profile shows it. The server cuts a square out of its
   * middle.
   *
   * @returns the address of the picture, which stays the same until the picture is changed
   * @throws {ChatProblem} `file_too_large`, `type_mismatch`, `file_empty`, `rate_limited`, `signed_out`, `unreachable`;
   * `upload_not_checked` when the profile did not show it in time, for example because the image is damaged
   * @example
   * image.src = await client.profilePicture.set(input.files[0]);
   */
  set(file: Blob): Promise<string>;
  /** @throws {ChatProblem} `signed_out`, `unreachable` */
  remove(): Promise<void>;
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
  /** Why tokens, unsent messages or rooms are in memory only: their store has failed. The client works on. */
  storageProblem: ChatProblem | undefined;
  /**
   * One view of each room that is open or waits for messages to be sent. It keeps no room open, and closing it closes no
   * other view.
   */
  rooms: readonly Room[];
}
