/**
 * Hashes of message contents, kept with a `client_id` to tell a repeat from other content. A plain hash would let
 * anyone who has a copy of the table confirm a guess of what a deleted message said, so they are keyed.
 */
import { createHash, createHmac } from 'node:crypto';
import type { ContentHashes, HashedSend } from '../domain/ports/log.ts';

/** Not in the alphabet of base64url, so that it marks a keyed hash. */
const keyedPrefix = 'k1.';

/** Reads the key at the first hash and keeps it: it never changes, since repeats must match for days. */
export function contentHashes(readKey: () => Promise<string>): ContentHashes {
  let reading: Promise<string> | undefined;
  const key = (): Promise<string> => {
    if (reading === undefined) {
      reading = readKey();
      // A failure is not kept: the next send reads it again.
      reading.catch(() => (reading = undefined));
    }
    return reading;
  };
  const hash = async (send: HashedSend): Promise<string> =>
    `${keyedPrefix}${createHmac('sha256', await key())
      .update(textOf(send))
      .digest('base64url')}`;
  return {
    hash,
    async matches(stored, send) {
      // Stored by a release that did not key them; they end with their send keys, seven days after that release.
      if (!stored.startsWith(keyedPrefix)) {
        return stored === createHash('sha256').update(send.content).digest('base64url');
      }
      return stored === (await hash(send));
    },
  };
}

/** With the place it is sent to, so that equal contents cannot be told from the table either. */
function textOf({ roomId, userId, clientId, content }: HashedSend): string {
  return JSON.stringify([roomId, userId, clientId, content]);
}
