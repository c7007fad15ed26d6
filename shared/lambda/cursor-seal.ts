/** The seal of cursors: a MAC with a key that is derived from the signing key, so that no function needs another secret. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CursorSeal } from '../domain/ports/rooms.ts';
import type { SecretReader } from './secrets.ts';

/** Half a SHA-256 is more than anybody can guess, and keeps addresses short. */
const macBytes = 16;

function macOf(signingKey: string, scope: string, place: string): Buffer {
  // Its own key: a MAC of a cursor must never be good as the signature of a token.
  const key = createHmac('sha256', signingKey).update('cursors').digest();
  return createHmac('sha256', key)
    .update(JSON.stringify([scope, place]))
    .digest()
    .subarray(0, macBytes);
}

/** Cursors outlive one rotation of the key, as tokens do. */
export function cursorSeal(signingKeys: Pick<SecretReader, 'current' | 'all'>): CursorSeal {
  return {
    sign: async (scope, place) => macOf(await signingKeys.current(), scope, place).toString('base64url'),
    async verify(scope, place, seal) {
      const given = Buffer.from(seal, 'base64url');
      // One spelling for each seal: the decoder would pass over characters that mean nothing.
      if (given.length !== macBytes || given.toString('base64url') !== seal) return false;
      return (await signingKeys.all()).some((key) => timingSafeEqual(macOf(key, scope, place), given));
    },
  };
}
