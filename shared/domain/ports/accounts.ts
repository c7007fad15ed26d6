/** What the rules of chat ask of the world about people, with their sessions, tokens and limits. */
import type { Revocation, TokenHolder, UserRevocation } from '../accounts/revocation.ts';
import type { Account, Caller, Login, Session, User } from '../model.ts';
import type { Page } from './page.ts';

export interface UserStore {
  /** Stores all of it or nothing. Throws `username_taken`. */
  register(user: User, account: Account, login: Login): Promise<void>;
  findLogin(username: string): Promise<Login | undefined>;
  get(userId: string): Promise<User | undefined>;
  getWithAccount(userId: string): Promise<(User & Account) | undefined>;
  /** Undefined when there is no such user. */
  update(userId: string, changes: Partial<Pick<User, 'firstName' | 'lastName'>>): Promise<User | undefined>;
  /** In the order of the usernames, case folded. Eventually consistent. */
  findByPrefix(prefix: string, limit: number): Promise<User[]>;
  /** Another hash of the same password. Only if it is still the login that was read. */
  renewHash(login: Login, passwordHash: string): Promise<void>;
  /**
   * Raises the token version and stores the revocation in one transaction, with the new password where there is one.
   * False when it is no longer the login that was read.
   */
  revokeTokens(login: Login, revocation: Revocation, passwordHash?: string): Promise<boolean>;
  /**
   * Removes user, account, e-mail and login and revokes all tokens in one transaction, and leaves word to erase the
   * rest. The username stays taken. False when it is no longer the login that was read.
   */
  erase(login: Login, account: Account, revocation: Revocation): Promise<boolean>;
}

/** What an erased user left behind in rooms. Rooms that somebody belonged to and left are remembered for it. */
export interface ErasureStore {
  /** Some of the rooms that the user belongs to, or is on the way out of. Eventually consistent. */
  listRooms(userId: string, limit: number): Promise<string[]>;
  /** By room id, behind that room. Eventually consistent. */
  listLeftRooms(userId: string, limit: number, after: string | undefined): Promise<Page<string>>;
  /** Puts another name for the user in up to `limit` entries of a room's log, from where the last call got to. */
  renameInLog(roomId: string, userId: string, name: string, limit: number): Promise<{ done: boolean }>;
  /** Puts another name for the user on a room that they created. */
  renameCreator(roomId: string, userId: string, name: string): Promise<void>;
  forgetLeftRoom(roomId: string, userId: string): Promise<void>;
  /** Removes a membership of a room whose log is closed. */
  /** Deletes up to `limit` items of the seqs that the user's unread count of the room left out; says whether any are left. */
  forgetOwnSeqs(roomId: string, userId: string, limit: number): Promise<{ done: boolean }>;
  forgetMember(roomId: string, userId: string): Promise<void>;
  /** Leaves word to go on, as a change that is reacted to. */
  continue(userId: string, step: number): Promise<void>;
}

export interface SessionStore {
  create(session: Session): Promise<void>;
  get(userId: string, sessionId: string): Promise<Session | undefined>;
  /** Up to `limit` of those that are stored, in no order, expired and revoked ones included. Consistent. */
  page(userId: string, limit: number, after?: string): Promise<Page<Session>>;
  /** Replaces the current token if it is still `fromHash`; says whether it was. */
  rotate(session: Session, fromHash: string): Promise<boolean>;
  end(userId: string, sessionId: string): Promise<void>;
  /** Not all or nothing. */
  removeMany(userId: string, sessionIds: string[]): Promise<void>;
}

/** Sessions that ended while tokens of theirs have not expired, one by one or all of a user at once. */
export interface RevocationStore {
  revoke(sessionId: string, expiresAt: number): Promise<void>;
  /** In one request. Consistent. */
  isRevoked(holder: TokenHolder): Promise<boolean>;
  /** What was revoked for all sessions of the user at once. Consistent. */
  findOfUser(userId: string): Promise<UserRevocation | undefined>;
}

export interface LimitStore {
  /** How often the scopes were hit in the window that began at `windowStart`. */
  counts(scopes: string[], windowStart: number): Promise<number[]>;
  /** One less, where it was counted at all. */
  takeBack(scope: string, windowStart: number): Promise<void>;
  /** One more; how many there are now. */
  hit(scope: string, windowStart: number, windowMs: number): Promise<number>;
}

/** The pause after which one address may make its next login attempt for one account. */
export interface LoginPause {
  /** 0 after a successful login: the next pause starts from the shortest one. */
  pauseMs: number;
  /** When the next attempt is admitted, in milliseconds since 1970. */
  nextAt: number;
}

export interface LoginPauseStore {
  /** Consistent. */
  find(scope: string): Promise<LoginPause | undefined>;
  /** Replaces the pause if it is still `from`. Returns whether it was. */
  replace(scope: string, from: LoginPause | undefined, to: LoginPause, expiresAtMs: number): Promise<boolean>;
  /** Makes the next pause start from the shortest one. */
  reset(scope: string): Promise<void>;
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Takes as long when there is no hash to compare with. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
  /** Made when hashing cost something else than it does now. */
  isOutdated(hash: string): boolean;
}

export interface RefreshClaims {
  userId: string;
  sessionId: string;
  tokenId: string;
}

export interface Tokens {
  access(caller: Omit<Caller, 'tokenEndsAt'>, now: number): Promise<string>;
  refresh(claims: RefreshClaims, issuedAt: number, endsAt: number): Promise<string>;
  /** Throws `unauthorized`. */
  verifyAccess(token: string, now: number): Promise<Caller>;
  /** Throws `invalid_refresh_token`. */
  verifyRefresh(token: string, now: number): Promise<RefreshClaims>;
}
