/** Sends a new access token over the open socket before the previous one ends, and after the server refused one. */
import { asProblem } from '../problem.ts';
import type { Session } from '../session/session.ts';
import type { Clock } from '../system.ts';

export interface TokenRenewalPorts {
  session: Session;
  clock: Clock;
  isOpen(): boolean;
  /** Sends an `auth` command. Returns false when no socket is open. */
  sendToken(token: string): boolean;
}

/** Browsers run timers of more than 2^31 milliseconds at once. */
const maxTimerMs = 3_600_000;
const retryMs = 5_000;

export class TokenRenewal {
  readonly #ports: TokenRenewalPorts;
  #cancelTimer: (() => void) | undefined;
  #lastForcedAtMs = Number.NEGATIVE_INFINITY;
  /** The last token that was sent on this socket. */
  #sentToken: string | undefined;

  constructor(ports: TokenRenewalPorts) {
    this.#ports = ports;
    ports.session.renewed.add((token) => this.#send(token));
  }

  socketOpened(): void {
    this.#sentToken = undefined;
    void this.#schedule();
  }

  socketEnded(): void {
    this.#cancelTimer?.();
  }

  /** Renews the token although it has not ended by this machine's clock: the server has refused it. Never rejects. */
  async renewRefused(): Promise<void> {
    const { clock, session } = this.#ports;
    // Every command that was sent with the token reports the same refusal.
    if (clock.now() - this.#lastForcedAtMs < retryMs) return;
    this.#lastForcedAtMs = clock.now();
    await this.#renew(() => session.renewNow());
  }

  async #schedule(minDelayMs = 0): Promise<void> {
    const { session, clock } = this.#ports;
    const delayMs = await session.renewalDelayMs();
    this.#cancelTimer?.();
    if (delayMs === undefined || !this.#ports.isOpen()) return;
    const isWithinTimer = delayMs <= maxTimerMs;
    this.#cancelTimer = clock.after(
      Math.max(minDelayMs, Math.min(delayMs, maxTimerMs)),
      () => void (isWithinTimer ? this.#renew(() => session.access()) : this.#schedule()),
    );
  }

  /** Never rejects: the session itself reports that it has ended, and any other failure is followed by a retry. */
  async #renew(renewed: () => Promise<string>): Promise<void> {
    try {
      this.#send(await renewed());
    } catch (error) {
      if (asProblem(error).code !== 'signed_out') void this.#schedule(retryMs);
    }
  }

  #send(token: string): void {
    // An application may pass the same token until it has ended.
    const isNew = token !== this.#sentToken;
    if (isNew && this.#ports.sendToken(token)) this.#sentToken = token;
    void this.#schedule(isNew ? 0 : retryMs);
  }
}
