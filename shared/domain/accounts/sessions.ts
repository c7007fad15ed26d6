/**
 * Starts sessions and refreshes their tokens. Each sign-in has a family of refresh tokens, of which one is
 * valid at a time.
 */
import type { TokenPair } from '../../contract/entities.ts';
import { withoutControls } from '../../contract/text.ts';
import { ChatError } from '../chat-error.ts';
import type { Session } from '../model/accounts.ts';
import type { RefreshClaims, RevocationStore, SessionStore, Tokens } from '../ports/accounts.ts';
import type { Fingerprint, Random } from '../ports/system.ts';
import { endSessions, type EndSessionsPorts } from './end-sessions.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface SessionPorts extends EndSessionsPorts {
  sessions: Pick<SessionStore, 'create' | 'get' | 'rotate' | 'end'>;
  revocations: Pick<RevocationStore, 'revoke' | 'isRevoked'>;
  tokens: Tokens;
  random: Random;
  fingerprint: Fingerprint;
}

export interface SessionSettings {
  accessTokenLifetimeMs: number;
  refreshTokenLifetimeMs: number;
  rotateRefreshTokens: boolean;
  blacklistAfterRotation: boolean;
}

/**
 * For this long, a replaced refresh token is answered with the same successor: two tabs may refresh with the
 * same token at once, and a client whose answer was lost repeats the request after 35 s.
 */
const graceMs = 60_000;

/** A session ends after this time, however often it is refreshed. */
export const maxSessionMs = 30 * 24 * 60 * 60 * 1_000;

/** Longer than the User-Agent of a browser; anything longer is cut. */
const maxUserAgentLength = 256;

export interface SignIn {
  userId: string;
  username: string;
  tokenVersion: number;
  userAgent?: string | undefined;
}

/** Stores a new session and returns it with its first pair of tokens. */
export async function startSession(
  ports: SessionPorts,
  user: SignIn,
  settings: SessionSettings,
): Promise<{ session: Session; pair: TokenPair }> {
  const now = ports.clock.now();
  const tokenId = ports.random.secret();
  const endsAtMs = now + Math.max(maxSessionMs, settings.refreshTokenLifetimeMs);
  const session: Session = {
    sessionId: ports.random.uuid(),
    userId: user.userId,
    username: user.username,
    createdAtMs: now,
    tokenVersion: user.tokenVersion,
    currentHash: ports.fingerprint(tokenId),
    currentEndsAtMs: now + settings.refreshTokenLifetimeMs,
    endsAtMs,
    ...(user.userAgent === undefined
      ? {}
      : { userAgent: withoutControls(user.userAgent).slice(0, maxUserAgentLength) }),
  };
  await ports.sessions.create(session);
  return { session, pair: await tokenPair(ports, session, tokenId, now) };
}

/**
 * Returns a new pair of tokens for a refresh token. With rotation, the refresh token is replaced.
 * @throws ChatError `invalid_refresh_token`. The session is ended as well when the successor of the token has
 *   already been used, since one of the two clients must have stolen it.
 */
export async function refreshTokens(
  ports: SessionPorts,
  refresh: string,
  settings: SessionSettings,
): Promise<TokenPair> {
  const now = ports.clock.now();
  const claims = await ports.tokens.verifyRefresh(refresh, now);
  const session = await ports.sessions.get(claims.userId, claims.sessionId);
  if (session === undefined || session.endsAtMs <= now) throw new ChatError('invalid_refresh_token');
  if (await ports.revocations.isRevoked(session)) throw new ChatError('invalid_refresh_token');
  const presented = ports.fingerprint(claims.tokenId);
  const isCurrent = presented === session.currentHash;
  if (!isCurrent && settings.rotateRefreshTokens && settings.blacklistAfterRotation) {
    return answerReplaced(ports, session, claims, settings);
  }
  if (!settings.rotateRefreshTokens) {
    return { access: await ports.tokens.access(session, now), refresh };
  }
  const tokenId = successor(ports, claims);
  const rotated: Session = {
    ...session,
    currentHash: ports.fingerprint(tokenId),
    currentEndsAtMs: Math.min(now + settings.refreshTokenLifetimeMs, session.endsAtMs),
    parentHash: presented,
    rotatedAtMs: now,
  };
  if (await ports.sessions.rotate(rotated, session.currentHash)) {
    return tokenPair(ports, rotated, tokenId, now);
  }
  const winner = await ports.sessions.get(claims.userId, claims.sessionId);
  if (winner === undefined) throw new ChatError('invalid_refresh_token');
  // Replaced tokens stay valid with this setting, so a concurrent refresh is no sign of theft.
  if (!settings.blacklistAfterRotation) return tokenPair(ports, winner, tokenId, now);
  return answerReplaced(ports, winner, claims, settings);
}

/**
 * Answers a refresh token that has been replaced. The parent of the current token is answered with the same
 * successor for a while, and refused afterwards. An older token ends the session: two clients have used
 * tokens of one family, so one of them has stolen its token.
 */
async function answerReplaced(
  ports: SessionPorts,
  session: Session,
  claims: RefreshClaims,
  settings: SessionSettings,
): Promise<TokenPair> {
  const now = ports.clock.now();
  const { parentHash, rotatedAtMs = 0, currentHash } = session;
  const tokenId = successor(ports, claims);
  const isParent =
    ports.fingerprint(claims.tokenId) === parentHash && ports.fingerprint(tokenId) === currentHash;
  if (isParent) {
    if (now - rotatedAtMs > graceMs) throw new ChatError('invalid_refresh_token');
    return tokenPair(ports, session, tokenId, rotatedAtMs);
  }
  await endSessions(ports, session.userId, [session.sessionId], settings);
  throw new ChatError('invalid_refresh_token');
}

/** Derives the only successor of a token, so that repeating a refresh does not start a second chain. */
function successor({ fingerprint }: SessionPorts, { tokenId, sessionId }: RefreshClaims): string {
  return fingerprint(`successor of ${tokenId} in ${sessionId}`);
}

async function tokenPair(
  { tokens, clock }: SessionPorts,
  session: Session,
  tokenId: string,
  issuedAtMs: number,
): Promise<TokenPair> {
  const { userId, username, sessionId, tokenVersion } = session;
  const [access, refresh] = await waitForAll([
    tokens.access({ userId, username, sessionId, tokenVersion }, clock.now()),
    tokens.refresh({ userId, sessionId, tokenId }, issuedAtMs, session.currentEndsAtMs),
  ]);
  return { access, refresh };
}
