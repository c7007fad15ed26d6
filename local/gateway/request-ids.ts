/** Ids and times in the form in which API Gateway writes them; who is given one is not known here. */
import { randomFillSync } from 'node:crypto';

const idBytes = 11;
const pool = Buffer.allocUnsafe(idBytes * 256);
let used = pool.length;

/** An id like `BFaT_fALIAMCKug=`: 11 bytes in URL-safe base64, which keeps its padding. */
export function newRequestId(): string {
  // One call for 256 ids: asking the kernel for eleven bytes costs more than all the rest of an event.
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += idBytes;
  return `${pool.toString('base64url', used - idBytes, used)}=`;
}

/** Whether a text could be a connection id at all; API Gateway answers 400, not 410, when it cannot. */
export function isConnectionId(text: string): boolean {
  return /^[\w-]{15}=$/.test(text);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
let formatted = { second: -1, text: '' };

/** The access-log time of an event, `22/Nov/2026:11:47:00 +0000`, from milliseconds since the epoch. */
export function requestTime(epochMilliseconds: number): string {
  const second = Math.floor(epochMilliseconds / 1000);
  if (second === formatted.second) return formatted.text;
  const iso = new Date(second * 1000).toISOString();
  const month = months[Number(iso.slice(5, 7)) - 1];
  const text = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
  formatted = { second, text };
  return text;
}
