/** Access and refresh tokens: JWTs with one pinned algorithm and all claims required. Neither is accepted as the other. */
import { createHash, webcrypto } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import * as z from 'zod';
import { onceResolved } from '../aws/once-resolved.ts';
import type { ErrorCode } from '../contract/errors.ts';
import { UserId } from '../contract/identifiers.ts';
import { ChatError } from '../domain/chat-error.ts';
import type { Tokens } from '../domain/ports/accounts.ts';
import type { SecretReader } from './secrets.ts';

export interface TokenSettings {
  issuer: string;
  audience: string;
  accessLifetimeMs: number;
}

const algorithm = 'HS256';

/** The difference between the clocks of two functions that is tolerated. */
const clockSkewMs = 60_000;

/** During a rotation two keys are valid; imported keys of earlier rotations are discarded. */
const maxImportedKeys = 4;

/**
 * A secret with its id. It is imported when it is first used and then kept: importing it for each token would cost as much as
 * the signature.
 */
interface SigningKey {
  id: string;
  imported: () => Promise<webcrypto.CryptoKey>;
}

const requiredClaims = ['iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti', 'token_type', 'sid'];

/** Issued tokens are far shorter. Longer ones are refused before anything is hashed. */
const maxTokenLength = 4_096;

const AccessClaims = z.object({
  token_type: z.literal('access'),
  sub: UserId,
  sid: z.uuid(),
  jti: z.string().min(1),
  username: z.string().min(1),
  /** Tokens of earlier releases have none and count as the oldest version. */
  token_version: z.int().min(0).default(0),
  exp: z.number(),
});
const RefreshClaims = z.object({
  token_type: z.literal('refresh'),
  sub: UserId,
  sid: z.uuid(),
  jti: z.string().min(1),
});

/** Issues and verifies tokens. The access token's lifetime is not used by functions that only verify. */
export function tokens(
  signingKeys: SecretReader,
  { issuer, audience, accessLifetimeMs }: TokenSettings,
  uuid: () => string,
): Tokens {
  const keys = new Map<string, SigningKey>();

  function signingKeyFor(secret: string): SigningKey {
    const existing = keys.get(secret);
    if (existing !== undefined) return existing;
    if (keys.size >= maxImportedKeys) keys.clear();
    const key = { id: keyId(secret), imported: onceResolved(() => importKey(secret)) };
    keys.set(secret, key);
    return key;
  }

  async function sign(claims: JWTPayload, issuedAtMs: number, endsAtMs: number): Promise<string> {
    const { id, imported } = signingKeyFor(await signingKeys.current());
    return (
      new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: id })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(Math.floor(issuedAtMs / 1_000))
        // Backdated, so that the token is valid at once for a verifier whose clock is behind.
        .setNotBefore(Math.floor((issuedAtMs - clockSkewMs) / 1_000))
        .setExpirationTime(Math.floor(endsAtMs / 1_000))
        .sign(await imported())
    );
  }

  /** Returns the key that the token names; undefined when it names no valid key. */
  async function signingKeyOf(token: string): Promise<SigningKey | undefined> {
    const kid = token.length > maxTokenLength ? undefined : readKeyId(token);
    if (kid === undefined) return undefined;
    const findKey = (secrets: string[]): SigningKey | undefined =>
      secrets.map(signingKeyFor).find(({ id }) => id === kid);
    return findKey(await signingKeys.all()) ?? findKey(await signingKeys.newest());
  }

  /** Returns the claims. Throws the code unless the token is of the expected type, was issued here and has not expired. */
  async function verify<T>(token: string, now: number, schema: z.ZodType<T>, code: ErrorCode): Promise<T> {
    const key = await signingKeyOf(token);
    if (key === undefined) throw new ChatError(code);
    try {
      const { payload } = await jwtVerify(token, await key.imported(), {
        algorithms: [algorithm],
        issuer,
        audience,
        typ: 'JWT',
        requiredClaims,
        currentDate: new Date(now),
      });
      if (payload.iat === undefined || payload.iat * 1_000 > now + clockSkewMs) throw new ChatError(code);
      return schema.parse(payload);
    } catch (error) {
      if (isInvalidToken(error)) throw new ChatError(code, { cause: error });
      throw error;
    }
  }

  return {
    access: ({ userId, username, sessionId, tokenVersion }, now) =>
      sign(
        {
          token_type: 'access',
          sub: userId,
          sid: sessionId,
          username,
          token_version: tokenVersion,
          jti: uuid(),
        },
        now,
        now + accessLifetimeMs,
      ),
    refresh: ({ userId, sessionId, tokenId }, issuedAtMs, endsAtMs) =>
      sign({ token_type: 'refresh', sub: userId, sid: sessionId, jti: tokenId }, issuedAtMs, endsAtMs),
    async verifyAccess(token, now) {
      const claims = await verify(token, now, AccessClaims, 'unauthorized');
      return {
        userId: claims.sub,
        username: claims.username,
        sessionId: claims.sid,
        tokenVersion: claims.token_version,
        tokenEndsAtMs: claims.exp * 1_000,
      };
    },
    async verifyRefresh(token, now) {
      const claims = await verify(token, now, RefreshClaims, 'invalid_refresh_token');
      return { userId: claims.sub, sessionId: claims.sid, tokenId: claims.jti };
    },
  };
}

/** Whether the token caused the error. Any other error is the server's fault and is rethrown. */
function isInvalidToken(error: unknown): boolean {
  return error instanceof errors.JOSEError || error instanceof z.ZodError;
}

function readKeyId(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    // The text is not a JWT, so it names no key.
    return undefined;
  }
}

/** Returns an id from which the key cannot be derived; a token names its key by it. */
function keyId(secret: string): string {
  return createHash('sha256').update(`kid of ${secret}`).digest('base64url').slice(0, 12);
}

function importKey(secret: string): Promise<webcrypto.CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  return webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ]);
}
