/** The seal of cursors: a MAC whose key is derived from the signing key, so that functions need no further secret. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CursorSeal } from '../domain/ports/rooms.ts';
import type { SecretReader } from './secrets.ts';

/** Half of a SHA-256: 128 bits cannot be guessed, and the cursor is part of the URL of a page. */
const macBytes = 16;

function macOf(signingKey: string, scope: string, place: string): Buffer {
  // A key of its own, so that the MAC of a cursor can never be used as the signature of a token.
  const key = createHmac('sha256', signingKey).update('cursors').digest();
  return createHmac('sha256', key)
    .update(JSON.stringify([scope, place]))
    .digest()
    .subarray(0, macBytes);
}

/** Returns the seal. Cursors stay valid after one rotation of the signing key, as tokens do. */
export function cursorSeal(signingKeys: Pick<SecretReader, 'current' | 'all'>): CursorSeal {
  return {
    sign: async (scope, place) => macOf(await signingKeys.current(), scope, place).toString('base64url'),
    async verify(scope, place, seal) {
      const mac = Buffer.from(seal, 'base64url');
      // The decoder ignores invalid characters, so a seal could otherwise be written in several ways.
      if (mac.length !== macBytes || mac.toString('base64url') !== seal) return false;
      return (await signingKeys.all()).some((key) => timingSafeEqual(macOf(key, scope, place), mac));
    },
  };
}
