/** What the rules of chat ask of the world about the time, chance and fingerprints. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Random {
  /** A random UUID. */
  uuid: () => string;
  /** Unguessable, URL-safe, 256 bits. */
  secret: () => string;
  /** An integer from 0 up to, not including, `below`. */
  integer: (below: number) => number;
}

/** One-way fingerprint of a secret or a content, URL-safe. */
export type Fingerprint = (text: string) => string;

/** Where failures are recorded that a caller does not see, because the work goes on without the part that failed. */
export interface FailureLog {
  warn(message: string, fields: Record<string, unknown>): void;
  error(message: string, fields: Record<string, unknown>): void;
}
