/** What the connection needs of the client, and what it reports to it. */
import type { ServerEvent } from '../contract/events.ts';
import type { Log } from '../event-log.ts';
import type { Session } from '../session/session.ts';
import type { Clock, Random, WebSocketLike } from '../system.ts';

/** `paused`: no socket is open, and a timer will start the next attempt; `stopped`: only `start` will. */
export type Phase = 'stopped' | 'opening' | 'open' | 'paused';

export interface ConnectionPorts {
  url: string;
  /**
   * Opens a socket. Returns undefined when it is not wanted any more.
   *
   * @throws {ChatProblem}
   */
  openSocket: (isWanted: () => boolean) => Promise<WebSocketLike | undefined>;
  session: Session;
  clock: Clock;
  random: Random;
  log: Log;
  handlers: ConnectionHandlers;
}

export interface ConnectionHandlers {
  opened(): void;
  event(event: ServerEvent): void;
  /** An open socket has ended. `canResume` is false when the server said that the entries received so far are void. */
  lost(canResume: boolean): void;
  changed(): void;
}
