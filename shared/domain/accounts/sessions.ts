/** Sessions: one family of refresh tokens for each login, of which one token is good at a time. */
import type { TokenPair } from '../../contract/entities.ts';
import { withoutControls } from '../../contract/text.ts';
import { ChatError } from '../chat-error.ts';
import type { Session } from '../model.ts';
import type { RefreshClaims, RevocationStore, SessionStore, Tokens } from '../ports/accounts.ts';
import type { Fingerprint, Random } from '../ports/system.ts';
import { endSessions, type EndSessionsPorts } from './end-sessions.ts';

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
 * Two tabs that refresh at once present the same token, and a client whose answer was lost asks again after 35 s: so
 * long the replaced token is answered with the same successor.
 */
const graceMs = 60_000;

/** However often it is refreshed, a session ends. */
export const maxSessionMs = 30 * 24 * 60 * 60 * 1_000;

/** A browser's name for itself is shorter; anything longer is cut. */
const userAgentLength = 256;

export interface SignIn {
  userId: string;
  username: string;
  tokenVersion: number;
  userAgent?: string | undefined;
}

export async function startSession(
  ports: SessionPorts,
  user: SignIn,
  settings: SessionSettings,
): Promise<{ session: Session; pair: TokenPair }> {
  const now = ports.clock.now();
  const tokenId = ports.random.secret();
  const endsAt = now + Math.max(maxSessionMs, settings.refreshTokenLifetimeMs);
  const session: Session = {
    sessionId: ports.random.uuid(),
    userId: user.userId,
    username: user.username,
    createdAt: now,
    tokenVersion: user.tokenVersion,
    currentHash: ports.fingerprint(tokenId),
    currentEndsAt: now + settings.refreshTokenLifetimeMs,
    endsAt,
    ...(user.userAgent === undefined
      ? {}
      : { userAgent: withoutControls(user.userAgent).slice(0, userAgentLength) }),
  };
  await ports.sessions.create(session);
  return { session, pair: await tokenPair(ports, session, tokenId, now) };
}

/**
 * Replaces the refresh token.
 * @throws `invalid_refresh_token`; a token whose successor has been used as well ends the session
 */
export async function refreshTokens(
  ports: SessionPorts,
  refresh: string,
  settings: SessionSettings,
): Promise<TokenPair> {
  const now = ports.clock.now();
  const claims = await ports.tokens.verifyRefresh(refresh, now);
  const session = await ports.sessions.get(claims.userId, claims.sessionId);
  if (session === undefined || session.endsAt <= now) throw new ChatError('invalid_refresh_token');
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
    currentEndsAt: Math.min(now + settings.refreshTokenLifetimeMs, session.endsAt),
    parentHash: presented,
    rotatedAt: now,
  };
  if (await ports.sessions.rotate(rotated, session.currentHash)) {
    return tokenPair(ports, rotated, tokenId, now);
  }
  const winner = await ports.sessions.get(claims.userId, claims.sessionId);
  if (winner === undefined) throw new ChatError('invalid_refresh_token');
  // Where replaced tokens stay good, having been overtaken is no theft.
  if (!settings.blacklistAfterRotation) return tokenPair(ports, winner, tokenId, now);
  return answerReplaced(ports, winner, claims, settings);
}

/**
 * The immediate parent leads to the same successor for a while, and is then refused. Of a token whose successor has been
 * used there are two bearers, and one of them has stolen it.
 */
async function answerReplaced(
  ports: SessionPorts,
  session: Session,
  claims: RefreshClaims,
  settings: SessionSettings,
): Promise<TokenPair> {
  const now = ports.clock.now();
  const { parentHash, rotatedAt = 0, currentHash } = session;
  const tokenId = successor(ports, claims);
  const isParent =
    ports.fingerprint(claims.tokenId) === parentHash && ports.fingerprint(tokenId) === currentHash;
  if (isParent) {
    if (now - rotatedAt > graceMs) throw new ChatError('invalid_refresh_token');
    return tokenPair(ports, session, tokenId, rotatedAt);
  }
  await endSessions(ports, session.userId, [session.sessionId], settings);
  throw new ChatError('invalid_refresh_token');
}

/** Each token has one successor, so that a repeat of the same refresh makes no second chain. */
function successor({ fingerprint }: SessionPorts, { tokenId, sessionId }: RefreshClaims): string {
  return fingerprint(`successor of ${tokenId} in ${sessionId}`);
}

async function tokenPair(
  { tokens, clock }: SessionPorts,
  session: Session,
  tokenId: string,
  issuedAt: number,
): Promise<TokenPair> {
  const { userId, username, sessionId, tokenVersion } = session;
  const [access, refresh] = await Promise.all([
    tokens.access({ userId, username, sessionId, tokenVersion }, clock.now()),
    tokens.refresh({ userId, sessionId, tokenId }, issuedAt, session.currentEndsAt),
  ]);
  return { access, refresh };
}
