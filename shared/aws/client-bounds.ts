/** Bounds the requests of the SDK's clients, which wait without end unless they are given time limits. */

export interface ClientBounds {
  /** How long one try may take, connecting included. */
  tryMs: number;
  maxTries: number;
}

/**
 * Returns the part of a client's configuration that ends a request which hangs, and tries it again. A socket that stayed
 * idle while the function was frozen may have been dropped without notice, so that the first try never gets an answer.
 */
export function clientBounds({ tryMs, maxTries }: ClientBounds) {
  return {
    maxAttempts: maxTries,
    requestHandler: {
      connectionTimeout: tryMs,
      requestTimeout: tryMs,
      throwOnRequestTimeout: true,
    },
  };
}
