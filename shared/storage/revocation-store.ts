/** Ended sessions, remembered for as long as their access tokens live, as items that end by themselves. */
import type { RevocationStore } from '../domain/ports/accounts.ts';
import type { AccessPatterns } from './access-patterns.ts';
import { keys } from './keys.ts';
import { expiry } from './item.ts';

export function revocationStore(ask: AccessPatterns): RevocationStore {
  return {
    async revoke(sessionId, until) {
      await ask.revokeSession({ ...keys.revocation(sessionId), ttl: expiry(until) });
    },
    async isRevoked(sessionId) {
      return (await ask.revocation(sessionId)) !== undefined;
    },
  };
}
