/** What the client takes from where it runs: time, chance, sockets. Tests hand in their own. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs it once after that many milliseconds, unless the result is called first. */
  after(milliseconds: number, run: () => void): () => void;
}

/** At least 0 and below 1. */
export type Random = () => number;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** As much of a WebSocket as is needed; that of browsers, of Node from 22 on, and of the package `ws` fit. */
export interface WebSocketLike {
  readyState: number;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  send(data: string): void;
  close(code?: number): void;
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

/** 22 characters that no other client will choose. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Milliseconds to wait before the attempt after `failures` failed ones: doubled each time, the upper half by chance. */
export function backOff(
  failures: number,
  { firstMs, maxMs, random }: { firstMs: number; maxMs: number; random: Random },
): number {
  const ceiling = Math.min(maxMs, firstMs * 2 ** Math.min(failures, 30));
  return ceiling / 2 + (random() * ceiling) / 2;
}

/** Throws where there is none: Node before version 22. */
export function globalWebSocket(): WebSocketConstructor {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketConstructor };
  if (WebSocket === undefined)
    throw new Error('There is no global WebSocket here: hand one in as `WebSocket`');
  return WebSocket;
}
