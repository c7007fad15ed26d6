/** Users, their accounts and sessions. Fields that end in `At` are milliseconds since 1970. */

/** The user and session that a request comes from, as its access token or its connection states them. */
export interface Caller {
  userId: string;
  username: string;
  sessionId: string;
  /** The user's token version when the session began; see `accounts/revocation.ts`. */
  tokenVersion: number;
  /** When the access token expires. */
  tokenEndsAtMs: number;
}

/** A user as other users may see them. */
export interface User {
  userId: string;
  username: string;
  firstName: string;
  lastName: string;
  /** The address of the picture. */
  profilePicture: string | null;
  createdAtMs: number;
}

/** The data of a user that only the user may see. */
export interface Account {
  userId: string;
  /** Empty when the user gave none. */
  email: string;
}

/** The credentials of a user, stored under the username. */
export interface Login {
  userId: string;
  username: string;
  passwordHash: string;
  /** Raised by each change that ends all the user's sessions. */
  tokenVersion: number;
}

/** One sign-in with its family of refresh tokens. */
export interface Session {
  sessionId: string;
  userId: string;
  username: string;
  createdAtMs: number;
  /** The login's token version when the session began. */
  tokenVersion: number;
  /** Hash of the only refresh token that is valid now. */
  currentHash: string;
  /** When the current refresh token expires. */
  currentEndsAtMs: number;
  /**
   * Hash of the refresh token that the current one replaced. For a minute after `rotatedAtMs` it is answered
   * with the current one.
   */
  parentHash?: string;
  rotatedAtMs?: number;
  /** When the session ends. No token of the family outlives it. */
  endsAtMs: number;
  /** The User-Agent header of the sign-in. */
  userAgent?: string;
}

/** A one-time credential for a handshake, with the caller that it stands for. */
export interface Ticket extends Caller {
  /** When the ticket expires. */
  endsAtMs: number;
}
