/** Who is signed in: the tokens, renewed before they end and after a refusal, once however many wait for it. */
import type { TokenPair } from '../../shared/contract/entities.ts';
import { Listeners } from '../listeners.ts';
import { asProblem, ChatProblem } from '../problem.ts';
import type { Clock } from '../system.ts';
import { renewalTime, userOf, type SessionUser } from './claims.ts';
import type { StoredTokens, TokenStore } from './token-store.ts';

export interface SessionPorts {
  store: TokenStore;
  clock: Clock;
  /** Exchanges a refresh token; rejects with a `ChatProblem`. */
  exchange(refresh: string): Promise<TokenPair>;
}

export class Session {
  /** Somebody signed in, or was found signed in. */
  readonly started = new Listeners<[SessionUser]>();
  /** There is a new access token. */
  readonly renewed = new Listeners<[string]>();
  /** Nobody is signed in any more. */
  readonly ended = new Listeners();
  /** Undefined when emptyPresence is signed in, as far as is known. */
  user: SessionUser | undefined;
  private readonly ports: SessionPorts;
  private renewing: Promise<string> | undefined;

  constructor(ports: SessionPorts) {
    this.ports = ports;
    ports.store.watch?.(() => void this.tokens());
  }

  async begin(pair: TokenPair): Promise<void> {
    const user = userOf({ ...pair, received_at: 0 });
    if (user === undefined)
      throw new ChatProblem({ code: 'unauthorized', detail: 'The token names no user' });
    // Before the tokens of the next user are there, so that nothing of the previous one is sent with them.
    if (user.id !== this.user?.id) this.leave();
    this.adopt(await this.keep(pair));
  }

  /** Forgets the tokens, unless they are another user's by now. */
  async end(): Promise<void> {
    const { user } = this;
    const tokens = await this.ports.store.get();
    if (tokens === undefined || user === undefined || userOf(tokens)?.id === user.id) {
      await this.ports.store.clear();
    }
    if (this.user?.id === user?.id) this.leave();
  }

  /** Who is signed in now, as far as the store can say at once. */
  checkUser(): SessionUser | undefined {
    const tokens = this.ports.store.get();
    if (tokens instanceof Promise) void this.tokens();
    else this.notice(tokens);
    return this.user;
  }

  /**
   * An access token that is good for a while. Throws `signed_out`, also when another user has been signed in since it
   * was asked for, and `unreachable`.
   */
  async access(): Promise<string> {
    const asked = this.user;
    const tokens = await this.tokens();
    if (tokens === undefined) throw signedOut();
    this.mustBe(asked);
    if (renewalTime(tokens) > this.ports.clock.now()) return tokens.access;
    const access = await this.renew(tokens.access);
    this.mustBe(asked);
    return access;
  }

  async accessIfAny(): Promise<string | undefined> {
    return (await this.tokens()) === undefined ? undefined : this.access();
  }

  /** In place of a token that was refused, or is about to end. Throws `signed_out`, `unreachable`. */
  async renew(rejected: string): Promise<string> {
    const asked = this.user;
    this.renewing ??= this.exchange(rejected).finally(() => (this.renewing = undefined));
    const access = await this.renewing;
    this.mustBe(asked);
    return access;
  }

  /** After a refusal, whatever token that was. Throws `signed_out`, `unreachable`. */
  async renewNow(): Promise<string> {
    const tokens = await this.tokens();
    if (tokens === undefined) throw signedOut();
    return this.renew(tokens.access);
  }

  /** Milliseconds from now until the token should be renewed; undefined when emptyPresence is signed in. */
  async renewalDelayMs(): Promise<number | undefined> {
    const tokens = await this.tokens();
    return tokens && Math.max(0, renewalTime(tokens) - this.ports.clock.now());
  }

  /** The refresh token, for ending the session. */
  async refreshToken(): Promise<string | undefined> {
    return (await this.tokens())?.refresh;
  }

  private async tokens(): Promise<StoredTokens | undefined> {
    const tokens = await this.ports.store.get();
    this.notice(tokens);
    return tokens;
  }

  /** Only one at a time, and it reads the store itself: a token that another tab has renewed is not renewed again. */
  private async exchange(rejected: string): Promise<string> {
    const tokens = await this.tokens();
    if (tokens === undefined) throw signedOut();
    // This tab or another one was faster.
    if (tokens.access !== rejected) return tokens.access;
    try {
      const pair = await this.exchangeTwice(tokens.refresh);
      const current = await this.tokens();
      // Signed out since then: that is not to be undone.
      if (current === undefined) throw signedOut();
      // Renewed, or signed in anew, by another tab.
      if (current.refresh !== tokens.refresh) return current.access;
      const { access } = await this.keep(pair);
      this.renewed.tell(access);
      return access;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status !== 401 && problem.status !== 400) throw problem;
      const current = await this.tokens();
      if (current !== undefined && current.refresh !== tokens.refresh) return current.access;
      await this.end();
      throw signedOut(problem);
    }
  }

  /** An answer that was lost is asked for again at once, while the server still knows the token that was exchanged. */
  private async exchangeTwice(refresh: string): Promise<TokenPair> {
    try {
      return await this.ports.exchange(refresh);
    } catch (error) {
      if (asProblem(error).code !== 'unreachable') throw error;
      return this.ports.exchange(refresh);
    }
  }

  private async keep({ access, refresh }: TokenPair): Promise<StoredTokens> {
    const tokens = { access, refresh, received_at: this.ports.clock.now() };
    await this.ports.store.set(tokens);
    return tokens;
  }

  /** The store is shared with other tabs: whoever is signed in there is signed in here. */
  private notice(tokens: StoredTokens | undefined): void {
    if (tokens === undefined) this.leave();
    else this.adopt(tokens);
  }

  private adopt(tokens: StoredTokens): void {
    const user = userOf(tokens);
    if (user === undefined || user.id === this.user?.id) return;
    this.leave();
    this.user = user;
    this.started.tell(user);
  }

  /** Ends what belongs to the present user. */
  private leave(): void {
    if (this.user === undefined) return;
    this.user = undefined;
    this.ended.tell();
  }

  /** What one user asked for is not done as another. Throws `signed_out`. */
  private mustBe(user: SessionUser | undefined): void {
    if (user !== undefined && user.id !== this.user?.id) throw signedOut();
  }
}

function signedOut(cause?: ChatProblem): ChatProblem {
  return new ChatProblem({ code: 'signed_out', status: 401, detail: 'Sign in first', cause });
}
