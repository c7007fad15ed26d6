/**
 * Tracks the signed-in user and their tokens. Renews the tokens before they expire or after the server has refused
 * them, with one request for all concurrent callers.
 */
import type { TokenPair } from '../contract/entities.ts';
import { Listeners } from '../listeners.ts';
import { asProblem } from '../problem.ts';
import * as problems from '../problems.ts';
import type { Clock } from '../system.ts';
import { renewalTimeMs, userOf, type SessionUser } from './claims.ts';
import type { StoredTokens, TokenStore } from './token-store.ts';

export interface SessionPorts {
  store: TokenStore;
  clock: Clock;
  /**
   * Exchanges a refresh token for a new pair.
   *
   * @throws {ChatProblem} `unreachable` when there was no answer or `signal` aborted the request
   */
  exchange(refresh: string, signal: AbortSignal): Promise<TokenPair>;
  /** Whether `exchange` asks the application, which needs no refresh token for that. */
  asksApplication?: boolean;
}

/** Longer than API Gateway waits for a function (30 seconds), after which no answer can arrive. */
const exchangeTimeoutMs = 35_000;

export class Session {
  /** A user signed in, or the store was found to hold a user's tokens. */
  readonly started = new Listeners<[SessionUser]>();
  /** There is a new access token. */
  readonly renewed = new Listeners<[string]>();
  /** The user is not signed in any more. */
  readonly ended = new Listeners();
  /** Undefined when no user is signed in, or while the token store has not been read yet. */
  user: SessionUser | undefined;
  readonly #ports: SessionPorts;
  #renewing: Promise<string> | undefined;
  #exchangeAbort: AbortController | undefined;
  /** Whether to ask the application for its user. */
  #mayAsk: boolean;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.#mayAsk = ports.asksApplication === true;
    ports.store.watch?.(() => void this.#tokens());
  }

  /** Signs in the user whose tokens these are. */
  async begin(pair: TokenPair): Promise<void> {
    const user = userOf({ ...pair, received_at: 0 });
    if (user === undefined) throw problems.foreignToken();
    // Ended before the new tokens are stored, so that nothing of the previous user is sent with them.
    if (user.id !== this.user?.id) this.#endUser();
    this.#adopt(await this.#keep(pair));
  }

  /** Asks the application again, which may have signed a user in since the last sign-out. */
  askAgain(): void {
    this.#mayAsk = this.#ports.asksApplication === true;
  }

  /** Signs out, and clears the store unless it holds another user's tokens by now. */
  async end(): Promise<void> {
    const { user } = this;
    this.#mayAsk = false;
    const tokens = await this.#ports.store.get();
    if (tokens === undefined || user === undefined || userOf(tokens)?.id === user.id) {
      await this.#ports.store.clear();
    }
    if (this.user?.id === user?.id) this.#endUser();
  }

  /**
   * Returns the user who is signed in, after a look into the token store, where another tab may have signed in another
   * user. A store that answers with a promise is looked at in the background.
   */
  checkUser(): SessionUser | undefined {
    const tokens = this.#ports.store.get();
    if (tokens instanceof Promise) void this.#tokens();
    else this.#followStore(tokens);
    return this.user;
  }

  /**
   * Returns an access token that is not about to end.
   *
   * @throws {ChatProblem} `signed_out`, also when another user has signed in since the call; `unreachable`
   */
  async access(): Promise<string> {
    const caller = this.user;
    const tokens = await this.#tokens();
    if (tokens === undefined && !this.#mayAsk) throw problems.signInFirst();
    this.#assertSignedIn(caller);
    if (tokens !== undefined && renewalTimeMs(tokens) > this.#ports.clock.now()) return tokens.access;
    const access = await this.renew(tokens?.access);
    this.#assertSignedIn(caller);
    return access;
  }

  /** Like `access`, but returns undefined when no user is signed in. */
  async accessIfAny(): Promise<string | undefined> {
    const hasTokens = (await this.#tokens()) !== undefined;
    if (!hasTokens && !this.#mayAsk) return undefined;
    try {
      return await this.access();
    } catch (error) {
      // The application has answered that it has no user.
      if (!hasTokens && asProblem(error).code === 'signed_out') return undefined;
      throw error;
    }
  }

  /**
   * Returns a token to use instead of `rejected`, which was refused or is about to end; undefined if there was none.
   *
   * @throws {ChatProblem} `signed_out`, `unreachable`
   */
  async renew(rejected: string | undefined): Promise<string> {
    const caller = this.user;
    this.#renewing ??= this.#exchange(rejected).finally(() => (this.#renewing = undefined));
    const access = await this.#renewing;
    this.#assertSignedIn(caller);
    return access;
  }

  /**
   * Renews the current token, however long it would still be valid.
   *
   * @throws {ChatProblem} `signed_out`, `unreachable`
   */
  async renewNow(): Promise<string> {
    const tokens = await this.#tokens();
    if (tokens === undefined) throw problems.signInFirst();
    return this.renew(tokens.access);
  }

  /** Repeats the request of a renewal that is under way: the network that it was sent over may be gone. */
  repeatRenewal(): void {
    this.#exchangeAbort?.abort();
  }

  /** Returns the milliseconds until the token should be renewed; undefined when no user is signed in. */
  async renewalDelayMs(): Promise<number | undefined> {
    const tokens = await this.#tokens();
    return tokens && Math.max(0, renewalTimeMs(tokens) - this.#ports.clock.now());
  }

  /** Returns the refresh token, with which the server ends the session. */
  async refreshToken(): Promise<string | undefined> {
    return (await this.#tokens())?.refresh;
  }

  async #tokens(): Promise<StoredTokens | undefined> {
    const tokens = await this.#ports.store.get();
    this.#followStore(tokens);
    return tokens;
  }

  /** Reads the store again around the request, since another tab may renew the same token or sign out. */
  async #exchange(rejected: string | undefined): Promise<string> {
    const tokens = await this.#tokens();
    if (tokens === undefined && !this.#mayAsk) throw problems.signInFirst();
    // Another call or another tab has already renewed it.
    if (tokens !== undefined && tokens.access !== rejected) return tokens.access;
    const refresh = tokens?.refresh ?? '';
    try {
      const pair = await this.#exchangeWithRepeat(refresh);
      const current = await this.#tokens();
      // Signed out during the request: storing the new pair would undo that.
      if (current === undefined && !this.#mayAsk) throw problems.signInFirst();
      // Another tab renewed the token or signed in during the request.
      if (current !== undefined && current.refresh !== refresh) return current.access;
      const kept = await this.#keep(pair);
      // The application may name another user.
      this.#adopt(kept);
      this.renewed.notify(kept.access);
      return kept.access;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status !== 401 && problem.status !== 400) throw problem;
      const current = await this.#tokens();
      if (current !== undefined && current.refresh !== refresh) return current.access;
      await this.end();
      throw problems.signInFirst(problem);
    }
  }

  /** Repeats a request whose answer was lost at once, while the server still accepts the token that it has rotated. */
  async #exchangeWithRepeat(refresh: string): Promise<TokenPair> {
    try {
      return await this.#exchangeOnce(refresh);
    } catch (error) {
      if (asProblem(error).code !== 'unreachable') throw error;
      return this.#exchangeOnce(refresh);
    }
  }

  async #exchangeOnce(refresh: string): Promise<TokenPair> {
    const abort = new AbortController();
    this.#exchangeAbort = abort;
    const cancelTimeout = this.#ports.clock.after(exchangeTimeoutMs, () => abort.abort());
    try {
      return await this.#ports.exchange(refresh, abort.signal);
    } finally {
      cancelTimeout();
      this.#exchangeAbort = undefined;
    }
  }

  async #keep({ access, refresh }: TokenPair): Promise<StoredTokens> {
    // The application may pass a token that it has had for a while.
    const receivedAtMs = this.#ports.asksApplication === true ? 0 : this.#ports.clock.now();
    const tokens = { access, refresh, received_at: receivedAtMs };
    await this.#ports.store.set(tokens);
    return tokens;
  }

  /** The tabs of one origin share the store, so they also share the user. */
  #followStore(tokens: StoredTokens | undefined): void {
    if (tokens === undefined) this.#endUser();
    else this.#adopt(tokens);
  }

  #adopt(tokens: StoredTokens): void {
    const user = userOf(tokens);
    if (user === undefined || user.id === this.user?.id) return;
    this.#endUser();
    this.user = user;
    this.started.notify(user);
  }

  #endUser(): void {
    if (this.user === undefined) return;
    this.user = undefined;
    this.ended.notify();
  }

  /** Throws if another user has signed in, so that no request is made on behalf of the wrong user. */
  #assertSignedIn(user: SessionUser | undefined): void {
    if (user !== undefined && user.id !== this.user?.id) throw problems.signInFirst();
  }
}
