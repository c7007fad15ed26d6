/**
 * Ending all sessions of a user with one write. Each login has a token version, which every session and token carries
 * from its beginning. A change of password, signing out everywhere and deleting the account raise it, and store what
 * is revoked from then on: every version below, except the one session that stays. A version, unlike a time, also
 * catches a login that verified the old password and stores its session after the change.
 */
import type { Caller } from '../model.ts';

/** What a token, a session or a connection is judged by. */
export type TokenHolder = Pick<Caller, 'userId' | 'sessionId' | 'tokenVersion'>;

/** All sessions of a user that began under an older token version have ended. */
export interface Revocation {
  userId: string;
  /** The oldest version that is still good. */
  tokenVersion: number;
  /** Stays good although it is older. */
  keptSessionId?: string;
  at: number;
  /** By then every token that it revokes has expired. */
  until: number;
}

export type UserRevocation = Pick<Revocation, 'userId' | 'tokenVersion' | 'keptSessionId'>;

export function isRevokedBy(
  { tokenVersion, keptSessionId }: UserRevocation,
  holder: Omit<TokenHolder, 'userId'>,
): boolean {
  return holder.tokenVersion < tokenVersion && holder.sessionId !== keptSessionId;
}
