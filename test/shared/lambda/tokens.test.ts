import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { tokens } from '../../../shared/lambda/tokens.ts';
import type { SecretReader } from '../../../shared/lambda/secrets.ts';
import { ann, start, uuid } from '../../kit/memory-chat/system.ts';

const currentKey = 'the current key, long enough';
const previousKey = 'the previous key, long enough';
const settings = { issuer: 'chat', audience: 'chat-users', accessLifetimeMs: 300_000 };

function keysOf(...keys: string[]): SecretReader {
  return { current: async () => keys[0]!, all: async () => keys, newest: async () => keys };
}
const issued = (keys = keysOf(currentKey, previousKey)) => tokens(keys, settings, () => uuid(42));
const { userId, username, sessionId } = ann;
const caller = { userId, username, sessionId, tokenVersion: 3 };
const bytes = (key: string) => new TextEncoder().encode(key);

const good = await issued().access(caller, start);
const goodRefresh = await issued().refresh({ userId, sessionId, tokenId: 't' }, start, start + 60_000);
const unauthorized = { code: 'unauthorized' };

/** Signs the valid token with changed claims and header, by default with the right key; undefined removes a claim. */
async function forged(
  claims: JWTPayload,
  header: Record<string, unknown> = {},
  key = currentKey,
): Promise<string> {
  const payload = Object.fromEntries(
    Object.entries({ ...decodeJwt(good), ...claims }).filter(([, value]) => value !== undefined),
  );
  const protectedHeader = { ...decodeProtectedHeader(good), ...header };
  const changedHeader = Object.fromEntries(
    Object.entries(protectedHeader).filter(([, value]) => value !== undefined),
  );
  return new SignJWT(payload).setProtectedHeader(changedHeader as { alg: string }).sign(bytes(key));
}

describe('an access token', () => {
  it('identifies the caller until it expires', async () => {
    const verified = { ...caller, tokenEndsAtMs: start + 300_000 };
    expect(await issued().verifyAccess(good, start)).toEqual(verified);
    expect(await issued().verifyAccess(good, start + 299_999)).toEqual(verified);
    await expect(issued().verifyAccess(good, start + 300_000)).rejects.toMatchObject(unauthorized);
  });

  it('that is signed again without changes is accepted, so the tests below refuse only the changes', async () => {
    await expect(issued().verifyAccess(await forged({}), start)).resolves.toBeDefined();
  });

  it('of an earlier release, without a token version, has version 0', async () => {
    const old = await forged({ token_version: undefined });
    expect(await issued().verifyAccess(old, start)).toMatchObject({ tokenVersion: 0 });
    for (const version of [-1, 1.5, '3', null])
      await expect(
        issued().verifyAccess(await forged({ token_version: version }), start),
      ).rejects.toMatchObject(unauthorized);
  });

  it.each(['iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti', 'token_type', 'sid', 'username'])(
    'without %s is refused',
    async (claim) => {
      await expect(issued().verifyAccess(await forged({ [claim]: undefined }), start)).rejects.toMatchObject(
        unauthorized,
      );
    },
  );

  it.each([
    ['iss', 'other'],
    ['aud', 'other'],
    ['sub', 'not-an-id'],
    ['exp', start / 1_000 - 1],
    ['exp', 'soon'],
    ['iat', 'now'],
    ['iat', start / 1_000 + 3_600],
    ['nbf', start / 1_000 + 3_600],
    ['nbf', 'later'],
    ['jti', ''],
    ['token_type', 'refresh'],
    ['token_type', 'ticket'],
    ['sid', 'not-an-id'],
    ['username', ''],
    ['username', 7],
  ])('with %s %j is refused', async (claim, value) => {
    await expect(issued().verifyAccess(await forged({ [claim]: value }), start)).rejects.toMatchObject(
      unauthorized,
    );
  });

  it.each([
    ['another algorithm', { alg: 'HS384' }],
    ['an algorithm with a longer hash', { alg: 'HS512' }],
    ['an RSA algorithm', { alg: 'RS256' }],
    ['an elliptic curve algorithm', { alg: 'ES256' }],
    ['its algorithm in lower case', { alg: 'hs256' }],
    ['the algorithm NONE', { alg: 'NONE' }],
    ['no algorithm', { alg: undefined }],
    ['an unencoded payload', { b64: false, crit: ['b64'] }],
    ['a key id that is a path', { kid: '../../dev/null' }],
    ['a key id that is not a text', { kid: 7 }],
    ['another type', { typ: 'at+jwt' }],
    ['no type', { typ: undefined }],
    ['no key id', { kid: undefined }],
    ['the id of another key', { kid: 'another' }],
    ['an unknown critical extension', { crit: ['x'], x: 1 }],
  ])('with %s is refused', async (_, header) => {
    const token = await forged({}, header).catch(() =>
      good.replace(
        /^[^.]+/,
        Buffer.from(JSON.stringify({ ...decodeProtectedHeader(good), ...header })).toString('base64url'),
      ),
    );
    await expect(issued().verifyAccess(token, start)).rejects.toMatchObject(unauthorized);
  });

  it('without a signature is refused with any header', async () => {
    const unsigned = new UnsecuredJWT(decodeJwt(good)).encode();
    await expect(issued().verifyAccess(unsigned, start)).rejects.toMatchObject(unauthorized);
    const { kid } = decodeProtectedHeader(good);
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT', kid })).toString('base64url');
    const [, payload] = good.split('.');
    await expect(issued().verifyAccess(`${header}.${payload}.`, start)).rejects.toMatchObject(unauthorized);
  });

  const own = 'a key of the attacker, long enough';
  const jwk = { kty: 'oct', k: Buffer.from(own).toString('base64url') };
  it.each([
    ['contains a key', { jwk }],
    ['refers to a key by URL', { jku: 'https://attacker.example/keys' }],
    ['refers to a certificate by URL', { x5u: 'https://attacker.example/certificate' }],
    ['contains a certificate', { x5c: [Buffer.from(own).toString('base64')] }],
  ])('that %s is refused, and nothing is fetched', async (_, header) => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    await expect(issued().verifyAccess(await forged({}, header, own), start)).rejects.toMatchObject(
      unauthorized,
    );
    expect(fetched).not.toHaveBeenCalled();
  });

  it('that is too long is refused in spite of its valid signature', async () => {
    const name = (length: number) => forged({ username: 'x'.repeat(length) });
    await expect(issued().verifyAccess(await name(1_000), start)).resolves.toBeDefined();
    await expect(issued().verifyAccess(await name(100_000), start)).rejects.toMatchObject(unauthorized);
  });

  it('with a changed signature or payload is refused', async () => {
    const [header, payload, signature] = good.split('.') as [string, string, string];
    const other = Buffer.from(JSON.stringify({ ...decodeJwt(good), sub: uuid(2) })).toString('base64url');
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    for (const token of [`${header}.${other}.${signature}`, `${header}.${payload}.${flipped}`]) {
      await expect(issued().verifyAccess(token, start)).rejects.toMatchObject(unauthorized);
    }
  });

  it('that is not a JWT is refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.base64String(), fc.base64String(), fc.base64String()).map((parts) => parts.join('.')),
        ),
        async (text) => {
          await expect(issued().verifyAccess(text, start)).rejects.toMatchObject(unauthorized);
        },
      ),
    );
    await expect(issued().verifyAccess('x'.repeat(1_000_000), start)).rejects.toMatchObject(unauthorized);
  });
});

describe('token types', () => {
  it('are not interchangeable', async () => {
    await expect(issued().verifyAccess(goodRefresh, start)).rejects.toMatchObject(unauthorized);
    await expect(issued().verifyRefresh(good, start)).rejects.toMatchObject({
      code: 'invalid_refresh_token',
    });
    expect(await issued().verifyRefresh(goodRefresh, start)).toEqual({ userId, sessionId, tokenId: 't' });
  });
});

describe('a rotation of the signing key', () => {
  it('keeps tokens of the previous key valid and signs with the current one', async () => {
    const old = await tokens(keysOf(previousKey), settings, () => uuid(42)).access(caller, start);
    await expect(issued().verifyAccess(old, start)).resolves.toBeDefined();
    expect(decodeProtectedHeader(old).kid).not.toBe(decodeProtectedHeader(good).kid);
    await expect(issued(keysOf(currentKey)).verifyAccess(old, start)).rejects.toMatchObject(unauthorized);
  });

  it('takes effect in an instance that has the old keys when it receives the first new token', async () => {
    const behind: SecretReader = { ...keysOf(previousKey), newest: async () => [currentKey, previousKey] };
    await expect(issued(behind).verifyAccess(good, start)).resolves.toBeDefined();
  });

  it('does not reveal a key by its id', () => {
    const { kid } = decodeProtectedHeader(good);
    expect(currentKey).not.toContain(kid);
    expect(createHash('sha256').update(currentKey).digest('base64url')).not.toContain(kid);
  });
});

describe('a signing key that cannot be read', () => {
  it('makes the verification fail with that error, instead of refusing the token', async () => {
    const failing = vi.fn(() => Promise.reject(new TypeError('no answer')));
    const keys: SecretReader = { current: failing, all: failing, newest: failing };
    await expect(issued(keys).verifyAccess(good, start)).rejects.toThrow('no answer');
  });
});
