/**
 * Ends all sessions of a user with one write. Each login has a token version, and every session and token
 * carries the version it began with. Changing the password, signing out everywhere and deleting the account
 * raise the version and store a revocation of all lower ones, except for one session that is kept. A version,
 * unlike a time, also revokes the session of a sign-in that verified the old password and is stored after the
 * change.
 */
import type { Caller } from '../model/accounts.ts';

/** The fields of a token, a session or a connection that decide whether it is revoked. */
export type TokenHolder = Pick<Caller, 'userId' | 'sessionId' | 'tokenVersion'>;

/** The record that all sessions of a user with an older token version have ended. */
export interface Revocation {
  userId: string;
  /** The oldest version that is still valid. */
  tokenVersion: number;
  /** The session that stays valid although its version is older. */
  keptSessionId?: string;
  revokedAtMs: number;
  /** When every token that it revokes has expired, so that the record is no longer needed. */
  expiresAtMs: number;
}

export type UserRevocation = Pick<Revocation, 'userId' | 'tokenVersion' | 'keptSessionId'>;

/** Returns whether the revocation ends the session of `holder`. */
export function isRevokedBy(
  { tokenVersion, keptSessionId }: UserRevocation,
  holder: Omit<TokenHolder, 'userId'>,
): boolean {
  return holder.tokenVersion < tokenVersion && holder.sessionId !== keptSessionId;
}
