/** What the client uses of its environment: time, randomness and sockets. Tests replace each of them. */
import * as problems from './problems.ts';

/** The time and the timers that the client uses. */
export interface Clock {
  /** Returns milliseconds since 1970. */
  now(): number;
  /** Calls `run` once after that many milliseconds, unless the returned function is called before. */
  after(milliseconds: number, run: () => void): () => void;
}

/** Returns a number from 0 up to, but not including, 1. */
export type Random = () => number;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** The part of a WebSocket that the client uses. Browsers, Node from version 22 on, and the package `ws` provide it. */
export interface WebSocketLike {
  /** 1 while the socket is open. */
  readyState: number;
  /** Calls the listener with each message. */
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  /** Calls the listener when the socket was opened, was closed or has failed. */
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  /** Sends a text. */
  send(data: string): void;
  /** Closes the socket. */
  close(code?: number): void;
}

/** A class of sockets, such as the global `WebSocket` or that of the package `ws`. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

/** The digits of base64url, in their order. */
export const base64UrlCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Returns a random id of 22 characters of `A-Z a-z 0-9 _ -`. */
export function randomId(): string {
  const { crypto } = globalThis as { crypto?: { getRandomValues(bytes: Uint8Array): void } };
  const bytes = new Uint8Array(22);
  // React Native has no such generator. An id has to be unique, not secret.
  if (crypto === undefined) bytes.forEach((_, index) => (bytes[index] = Math.random() * 256));
  else crypto.getRandomValues(bytes);
  return Array.from(bytes, (byte) => base64UrlCharacters[byte & 63]).join('');
}

/**
 * Returns the milliseconds to wait before the next attempt. The ceiling doubles with each failure; the pause is a
 * random value from the upper half below it, so that clients do not return all at once.
 */
export function backOff(
  failures: number,
  { firstMs, maxMs, random }: { firstMs: number; maxMs: number; random: Random },
): number {
  const ceilingMs = Math.min(maxMs, firstMs * 2 ** Math.min(failures, 30));
  return ceilingMs / 2 + (random() * ceilingMs) / 2;
}

/** @throws {ChatProblem} `not_available` in Node before version 22, which has no global WebSocket */
export function globalWebSocket(): WebSocketConstructor {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketConstructor };
  if (WebSocket === undefined) throw problems.noWebSocketClass();
  return WebSocket;
}
