/** Tokens for domain tests, which any test can read and write. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import type { RefreshClaims, Tokens } from '../../../shared/domain/ports/accounts.ts';

/** Tokens of plain JSON instead of a signature. A refresh token that has expired is refused. */
export const plainTokens: Tokens = {
  access: async (caller, now) => JSON.stringify({ ...caller, now }),
  refresh: async (claims, issuedAtMs, endsAtMs) => JSON.stringify({ ...claims, issuedAtMs, endsAtMs }),
  verifyAccess: () => Promise.reject(new Error('not used here')),
  async verifyRefresh(token, now) {
    const { endsAtMs, ...claims } = JSON.parse(token) as RefreshClaims & { endsAtMs: number };
    if (endsAtMs <= now) throw new ChatError('invalid_refresh_token');
    return claims;
  },
};
