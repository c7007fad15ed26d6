/** Reads the claims of an access token. The signature is not checked: only the server has to trust the token. */
import { base64UrlCharacters } from '../system.ts';
import type { StoredTokens } from './token-store.ts';

/** The user who is signed in. */
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

/** Decodes UTF-8 without `atob` and `TextDecoder`, which some runtimes lack. */
function decodeBase64Url(text: string): string {
  let [bits, bitCount, encoded] = [0, 0, ''];
  for (const character of text) {
    bits = ((bits << 6) | base64UrlCharacters.indexOf(character)) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    encoded += `%${((bits >> bitCount) & 0xff).toString(16).padStart(2, '0')}`;
  }
  return decodeURIComponent(encoded);
}

function readClaims(token: string): Claims {
  try {
    return JSON.parse(decodeBase64Url(token.split('.')[1] ?? '')) as Claims;
  } catch {
    return {};
  }
}
