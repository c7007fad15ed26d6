/** Who is signed in: the tokens, renewed before they end and after a refusal, once however many wait for it. */
import type { TokenPair } from '../../shared/contract/entities.ts';
import { Listeners } from '../listeners.ts';
import { asProblem, ChatProblem } from '../problem.ts';
import type { Clock } from '../world.ts';
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
  /** Undefined when nobody is signed in, as far as is known. */
  user: SessionUser | undefined;
  private readonly ports: SessionPorts;
  private renewing: Promise<string> | undefined;

  constructor(ports: SessionPorts) {
    this.ports = ports;
  }

  async begin(pair: TokenPair): Promise<void> {
    const isOther = this.user !== undefined && userOf({ ...pair, received_at: 0 })?.id !== this.user.id;
    if (isOther) await this.end();
    this.adopt(await this.keep(pair));
  }

  /** Forgets the tokens. */
  async end(): Promise<void> {
    await this.ports.store.clear();
    const wasSignedIn = this.user !== undefined;
    this.user = undefined;
    if (wasSignedIn) this.ended.tell();
  }

  /** An access token that is good for a while. Throws `signed_out`, `unreachable`. */
  async access(): Promise<string> {
    const tokens = await this.tokens();
    if (tokens === undefined) throw signedOut();
    return renewalTime(tokens) <= this.ports.clock.now() ? this.renew(tokens.access) : tokens.access;
  }

  async accessIfAny(): Promise<string | undefined> {
    return (await this.tokens()) === undefined ? undefined : this.access();
  }

  /** In place of a token that was refused, or is about to end. Throws `signed_out`, `unreachable`. */
  renew(rejected: string): Promise<string> {
    this.renewing ??= this.exchange(rejected).finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  /** After a refusal, whatever token that was. Throws `signed_out`, `unreachable`. */
  async renewNow(): Promise<string> {
    const tokens = await this.tokens();
    if (tokens === undefined) throw signedOut();
    return this.renew(tokens.access);
  }

  /** Milliseconds from now until the token should be renewed; undefined when nobody is signed in. */
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
    if (tokens === undefined && this.user !== undefined) await this.end();
    if (tokens !== undefined) this.adopt(tokens);
    return tokens;
  }

  /** Only one at a time, and it reads the store itself: a refresh token that is used twice ends the session. */
  private async exchange(rejected: string): Promise<string> {
    const tokens = await this.tokens();
    if (tokens === undefined) throw signedOut();
    // Somebody else, in this tab or another one, was faster.
    if (tokens.access !== rejected) return tokens.access;
    try {
      const pair = await this.ports.exchange(tokens.refresh);
      // Signed out meanwhile: that is not to be undone.
      if ((await this.ports.store.get()) === undefined) throw signedOut();
      const { access } = await this.keep(pair);
      this.renewed.tell(access);
      return access;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status !== 401 && problem.status !== 400) throw problem;
      const current = await this.ports.store.get();
      if (current !== undefined && current.refresh !== tokens.refresh) return current.access;
      await this.end();
      throw signedOut(problem);
    }
  }

  private async keep({ access, refresh }: TokenPair): Promise<StoredTokens> {
    const tokens = { access, refresh, received_at: this.ports.clock.now() };
    await this.ports.store.set(tokens);
    return tokens;
  }

  private adopt(tokens: StoredTokens): void {
    const user = userOf(tokens);
    if (user === undefined || user.id === this.user?.id) return;
    this.user = user;
    this.started.tell(user);
  }
}

function signedOut(cause?: ChatProblem): ChatProblem {
  return new ChatProblem({ code: 'signed_out', status: 401, detail: 'Sign in first', cause });
}
