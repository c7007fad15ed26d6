/** The clock, randomness and fingerprints of the system, as ports of the domain. */
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Clock, Fingerprint, Random } from '../domain/ports/system.ts';

export const clock: Clock = { now: () => Date.now() };

export const random: Random = {
  uuid: () => randomUUID(),
  secret: () => randomBytes(32).toString('base64url'),
  integer: (below) => (below <= 1 ? 0 : randomInt(below)),
};

/** Returns the SHA-256 in base64url, 43 characters. */
export const fingerprint: Fingerprint = (text) => createHash('sha256').update(text).digest('base64url');
