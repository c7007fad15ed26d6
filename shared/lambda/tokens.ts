/** Access and refresh tokens: JWTs with one pinned algorithm, every claim required, a type that is never exchanged. */
import { createHash, webcrypto } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import * as z from 'zod';
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

/** How far the clocks of two functions may be apart. */
const clockSkewMs = 60_000;

/** A rotation has two keys at a time; those before them are forgotten. */
const keysKept = 4;

/** A secret as it is used; naming and importing it for each token would cost as much as the token's signature. */
interface SigningKey {
  id: string;
  imported: Promise<webcrypto.CryptoKey>;
}

const requiredClaims = ['iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti', 'token_type', 'sid'];

/** Ours are far shorter; nobody should make us hash a megabyte. */
const maxToken = 4_096;

const AccessClaims = z.object({
  token_type: z.literal('access'),
  sub: UserId,
  sid: z.uuid(),
  jti: z.string().min(1),
  username: z.string().min(1),
  /** Tokens of earlier releases have none: they are as old as can be. */
  token_version: z.int().min(0).default(0),
  exp: z.number(),
});
const RefreshClaims = z.object({
  token_type: z.literal('refresh'),
  sub: UserId,
  sid: z.uuid(),
  jti: z.string().min(1),
});

export function tokens(
  signingKeys: SecretReader,
  { issuer, audience, accessLifetimeMs }: TokenSettings,
  uuid: () => string,
): Tokens {
  const keys = new Map<string, SigningKey>();

  function use(secret: string): SigningKey {
    const known = keys.get(secret);
    if (known !== undefined) return known;
    if (keys.size >= keysKept) keys.clear();
    const key = { id: keyId(secret), imported: importKey(secret) };
    keys.set(secret, key);
    return key;
  }

  async function sign(claims: JWTPayload, issuedAt: number, endsAt: number): Promise<string> {
    const { id, imported } = use(await signingKeys.current());
    return (
      new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: id })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(Math.floor(issuedAt / 1_000))
        // Good at once for a verifier whose clock is behind.
        .setNotBefore(Math.floor((issuedAt - clockSkewMs) / 1_000))
        .setExpirationTime(Math.floor(endsAt / 1_000))
        .sign(await imported)
    );
  }

  /** Undefined when the token names none of ours. */
  async function signingKeyOf(token: string): Promise<SigningKey | undefined> {
    const kid = token.length > maxToken ? undefined : readKeyId(token);
    if (kid === undefined) return undefined;
    const named = (secrets: string[]): SigningKey | undefined =>
      secrets.map(use).find(({ id }) => id === kid);
    return named(await signingKeys.all()) ?? named(await signingKeys.newest());
  }

  /** Throws the code for anything but a token of ours, of that type, that has not ended. */
  async function verify<T>(token: string, now: number, schema: z.ZodType<T>, code: ErrorCode): Promise<T> {
    const key = await signingKeyOf(token);
    if (key === undefined) throw new ChatError(code);
    try {
      const { payload } = await jwtVerify(token, await key.imported, {
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
      if (isRefusal(error)) throw new ChatError(code, { cause: error });
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
    refresh: ({ userId, sessionId, tokenId }, issuedAt, endsAt) =>
      sign({ token_type: 'refresh', sub: userId, sid: sessionId, jti: tokenId }, issuedAt, endsAt),
    async verifyAccess(token, now) {
      const claims = await verify(token, now, AccessClaims, 'unauthorized');
      return {
        userId: claims.sub,
        username: claims.username,
        sessionId: claims.sid,
        tokenVersion: claims.token_version,
        tokenEndsAt: claims.exp * 1_000,
      };
    },
    async verifyRefresh(token, now) {
      const claims = await verify(token, now, RefreshClaims, 'invalid_refresh_token');
      return { userId: claims.sub, sessionId: claims.sid, tokenId: claims.jti };
    },
  };
}

/** What the token itself is to blame for; anything else is the server's fault. */
function isRefusal(error: unknown): boolean {
  return error instanceof errors.JOSEError || error instanceof z.ZodError;
}

function readKeyId(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    // Not a token at all.
    return undefined;
  }
}

/** Names a key without telling it, so that a verifier knows which of two it needs. */
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
