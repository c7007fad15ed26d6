/**
 * The gateway cuts every connection after two hours. Each is asked to come back some time before, at a moment of
 * its own, so that those who came together do not all come back together.
 */

/** The share of the time that is left to chance: from 100 minutes, up to 115. */
const spread = 0.15;

export function isDueForReconnect(
  { connectionId, openedAt }: { connectionId: string; openedAt: number },
  now: number,
  reconnectAfterMs: number,
): boolean {
  return now - openedAt > reconnectAfterMs * (1 + spread * fractionOf(connectionId));
}

/** From 0 to 1, the same for the same id (FNV-1a). */
function fractionOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
