/** Users, sessions, tokens and limits, as the domain needs them from storage and from the environment. */
import type { RemovedFile } from '../model/log.ts';
import type { Revocation, TokenHolder, UserRevocation } from '../accounts/revocation.ts';
import type { Account, Caller, Login, Session, User } from '../model/accounts.ts';
import type { Page } from './page.ts';

export interface UserStore {
  /**
   * Stores a user with account and login.
   * @throws ChatError `username_taken`
   */
  register(user: User, account: Account, login: Login): Promise<void>;
  /** Returns undefined for the name of a deleted account, too. */
  findLogin(username: string): Promise<Login | undefined>;
  get(userId: string): Promise<User | undefined>;
  /** Returns those who exist. Eventually consistent; one request for each 100 users. */
  getMany(userIds: string[]): Promise<User[]>;
  getWithAccount(userId: string): Promise<(User & Account) | undefined>;
  /** Returns undefined when the user does not exist. */
  update(userId: string, changes: Partial<Pick<User, 'firstName' | 'lastName'>>): Promise<User | undefined>;
  /** Returns users in the order of their case-folded usernames. Eventually consistent. */
  findByPrefix(prefix: string, limit: number): Promise<User[]>;
  /** Replaces the hash of the same password, if the login has not changed since it was read. */
  renewHash(login: Login, passwordHash: string): Promise<void>;
  /**
   * Raises the token version, stores the revocation and, if there is one, the new password, in one transaction. Returns
   * false when the login has changed since it was read.
   */
  revokeTokens(login: Login, revocation: Revocation, passwordHash?: string): Promise<boolean>;
  /**
   * Removes user, account, e-mail address and login, revokes all tokens and makes the table stream erase the rest, in one
   * transaction. The username stays taken. Returns false when the login has changed since it was read.
   */
  erase(login: Login, account: Account, revocation: Revocation): Promise<boolean>;
}

/** What an erased user left in rooms, including rooms that the user has left. */
export interface ErasureStore {
  /** Returns some rooms that the user is a member of or is being removed from. Eventually consistent. */
  listRooms(userId: string, limit: number): Promise<string[]>;
  /** Returns rooms that the user has left by room id, after that room. Eventually consistent. */
  listLeftRooms(userId: string, limit: number, after: string | undefined): Promise<Page<string>>;
  /**
   * Replaces the user's name in up to `limit` entries of a room's log, from where the last call ended. Takes the attachments
   * from the user's messages, and has their files removed before it goes on.
   */
  renameInLog(
    roomId: string,
    userId: string,
    change: { name: string; limit: number; removeFiles: (files: RemovedFile[]) => Promise<void> },
  ): Promise<{ done: boolean }>;
  /** Replaces the user's name in a room that the user created. */
  renameCreator(roomId: string, userId: string, name: string): Promise<void>;
  forgetLeftRoom(roomId: string, userId: string): Promise<void>;
  /** Deletes up to `limit` items of the user's own seqs in a room. Returns whether all of them are gone. */
  forgetOwnSeqs(roomId: string, userId: string, limit: number): Promise<{ done: boolean }>;
  /** Deletes a member of a room whose log is closed. */
  forgetMember(roomId: string, userId: string): Promise<void>;
}

export interface SessionStore {
  create(session: Session): Promise<void>;
  get(userId: string, sessionId: string): Promise<Session | undefined>;
  /** Returns up to `limit` stored sessions in no order, including expired and revoked ones. Consistent. */
  page(userId: string, limit: number, after?: string): Promise<Page<Session>>;
  /** Replaces the current token if it is still `fromHash`. Returns whether it was. */
  rotate(session: Session, fromHash: string): Promise<boolean>;
  end(userId: string, sessionId: string): Promise<void>;
  /** May do a part of it and fail. */
  removeMany(userId: string, sessionIds: string[]): Promise<void>;
}

/** Sessions that ended before their tokens expired, one by one or all of a user at once. */
export interface RevocationStore {
  revoke(sessionId: string, expiresAtMs: number): Promise<void>;
  /** Consistent; one request. */
  isRevoked(holder: TokenHolder): Promise<boolean>;
  /** Returns the revocation of the user's sessions. Consistent. */
  findOfUser(userId: string): Promise<UserRevocation | undefined>;
}

export interface LimitStore {
  /** Returns how often each scope was hit in the window that began at `windowStart`. */
  counts(scopes: string[], windowStart: number): Promise<number[]>;
  /** Refunds one hit, if any was counted. */
  refund(scope: string, windowStart: number): Promise<void>;
  /** Adds a hit, and returns the number of hits in the window. */
  hit(scope: string, windowStart: number, windowMs: number): Promise<number>;
}

/** The pause after which one address may make its next login attempt for one account. */
export interface LoginPause {
  /** 0 after a successful login: the next pause starts from the shortest one. */
  pauseMs: number;
  /** When the next attempt is admitted, in milliseconds since 1970. */
  nextAtMs: number;
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
  /** Takes the same time without a hash to compare with, so that its duration does not tell whether the user exists. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
  /** Returns whether the hash was made with another cost than new hashes have. */
  isOutdated(hash: string): boolean;
}

export interface RefreshClaims {
  userId: string;
  sessionId: string;
  tokenId: string;
}

export interface Tokens {
  access(caller: Omit<Caller, 'tokenEndsAtMs'>, now: number): Promise<string>;
  refresh(claims: RefreshClaims, issuedAtMs: number, endsAtMs: number): Promise<string>;
  /** @throws ChatError `unauthorized` */
  verifyAccess(token: string, now: number): Promise<Caller>;
  /** @throws ChatError `invalid_refresh_token` */
  verifyRefresh(token: string, now: number): Promise<RefreshClaims>;
}
