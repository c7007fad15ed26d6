/** What an access token says of itself. Read without checking its signature: that is the server's business. */
import type { StoredTokens } from './token-store.ts';

export interface SessionUser {
  id: string;
  username: string;
}

interface Claims {
  sub?: string;
  username?: string;
  iat?: number;
  exp?: number;
}

/** Renewed this long before it ends, or at two thirds of its life if that is later. */
const maxMarginMs = 30_000;

/** Whose token it is; undefined when it is none of the chat's. */
export function userOf({ access }: StoredTokens): SessionUser | undefined {
  const { sub, username } = readClaims(access);
  return sub === undefined || username === undefined ? undefined : { id: sub, username };
}

/** When to renew, in milliseconds by this machine's clock; at once when the token does not say. */
export function renewalTime({ access, received_at }: StoredTokens): number {
  const { iat, exp } = readClaims(access);
  if (exp === undefined) return 0;
  const lifetimeMs = iat === undefined ? maxMarginMs : (exp - iat) * 1_000;
  const endsAt = received_at > 0 && iat !== undefined ? received_at + lifetimeMs : exp * 1_000;
  return endsAt - Math.min(maxMarginMs, lifetimeMs / 3);
}

function readClaims(token: string): Claims {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Claims;
  } catch {
    return {};
  }
}
