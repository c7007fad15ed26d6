/**
 * Decides when a connection is asked to reconnect. API Gateway closes every connection after two hours. Each one is asked
 * to reconnect before that, at a time of its own, so that connections that opened together do not reconnect together.
 */

/** The first lease of a connection, slightly above the two hours after which API Gateway closes every connection. */
export const maxConnectionMs = (2 * 60 + 5) * 60 * 1_000;

/** The share of the time that is random: with 100 minutes, a connection is due after 100 to 115 minutes. */
const spread = 0.15;

export function isDueForReconnect(
  { connectionId, openedAtMs }: { connectionId: string; openedAtMs: number },
  now: number,
  reconnectAfterMs: number,
): boolean {
  return now - openedAtMs > reconnectAfterMs * (1 + spread * fractionOf(connectionId));
}

/** Returns a number from 0 to 1 that is always the same for the same id (FNV-1a). */
function fractionOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1)
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
