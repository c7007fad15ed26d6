/**
 * Keyed hashes of message contents. A hash is stored with each `client_id` to distinguish a repeated send from another
 * message. With plain hashes, the owner of a copy of the table could verify guesses of what a deleted message said.
 */
import { createHash, createHmac } from 'node:crypto';
import { onceResolved } from '../aws/once-resolved.ts';
import type { ContentHashes, HashedSend } from '../domain/ports/log.ts';

/** Marks a keyed hash: a plain one, in base64url, contains no dot. */
const keyedPrefix = 'k1.';

/** Returns hashes whose key is read for the first one and then kept. The key never changes, since repeats must match for days. */
export function contentHashes(readKey: () => Promise<string>): ContentHashes {
  const key = onceResolved(readKey);
  const hash = async (send: HashedSend): Promise<string> =>
    `${keyedPrefix}${createHmac('sha256', await key())
      .update(textOf(send))
      .digest('base64url')}`;
  return {
    hash,
    async matches(stored, send) {
      // An earlier release stored plain hashes. They expire with their send keys, seven days after they were stored.
      if (!stored.startsWith(keyedPrefix)) {
        return stored === createHash('sha256').update(send.content).digest('base64url');
      }
      return stored === (await hash(send));
    },
  };
}

/** Includes the room, the sender and the `client_id`, so that equal contents do not have equal hashes. */
function textOf({ roomId, userId, clientId, content, attachmentIds = [] }: HashedSend): string {
  // Without attachments the text is that of earlier releases, whose hashes are stored.
  return JSON.stringify([roomId, userId, clientId, content, ...attachmentIds]);
}
