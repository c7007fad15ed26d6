/** Ids and times in the formats of API Gateway. */
import { randomFillSync } from 'node:crypto';

const idBytes = 11;
const pool = Buffer.allocUnsafe(idBytes * 256);
let usedBytes = pool.length;

/** Returns an id such as `BFaT_fALIAMCKug=`: 11 random bytes in URL-safe base64 with its padding. */
export function newRequestId(): string {
  // Random bytes for 256 ids at once: reading eleven bytes from the kernel costs more than building an event.
  if (usedBytes === pool.length) {
    randomFillSync(pool);
    usedBytes = 0;
  }
  usedBytes += idBytes;
  return `${pool.toString('base64url', usedBytes - idBytes, usedBytes)}=`;
}

/** Whether a text has the form of a connection id; API Gateway answers others with 400, not 410. */
export function isConnectionId(text: string): boolean {
  return /^[\w-]{15}=$/.test(text);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
let formatted = { second: -1, text: '' };

/** Formats milliseconds since the epoch as the time of an event, such as `22/Nov/2026:11:47:00 +0000`. */
export function requestTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second === formatted.second) return formatted.text;
  const iso = new Date(second * 1000).toISOString();
  const month = months[Number(iso.slice(5, 7)) - 1];
  const text = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
  formatted = { second, text };
  return text;
}
