/** Reads the claims of an access token. The signature is not checked: only the server has to trust the token. */
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

/** A token is renewed this long before it ends, or after two thirds of its lifetime if that is later. */
const maxRenewalMarginMs = 30_000;

/** Returns the user that the access token names; undefined when it is not a token of this API. */
export function userOf({ access }: StoredTokens): SessionUser | undefined {
  const { sub, username } = readClaims(access);
  return sub === undefined || username === undefined ? undefined : { id: sub, username };
}

/** Returns when to renew the token, in milliseconds since 1970 by this machine's clock; 0 when it has no expiry. */
export function renewalTimeMs({ access, received_at }: StoredTokens): number {
  const { iat, exp } = readClaims(access);
  if (exp === undefined) return 0;
  const lifetimeMs = iat === undefined ? maxRenewalMarginMs : (exp - iat) * 1_000;
  const endsAtMs = received_at > 0 && iat !== undefined ? received_at + lifetimeMs : exp * 1_000;
  return endsAtMs - Math.min(maxRenewalMarginMs, lifetimeMs / 3);
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
