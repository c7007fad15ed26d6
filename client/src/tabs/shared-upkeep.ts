/** What keeps the shared socket alive: one `ping` for all tabs that ask at the same time, and each token once. */
import type { AuthCommand } from '../contract/commands.ts';
import { noTab, sharedRef } from './refs.ts';
import type { SharedChannel, TabCommand } from './shared-channel.ts';

/** Longer than a cold start of the function that answers. */
const pongTimeoutMs = 10_000;

export class SharedUpkeep {
  readonly #channel: SharedChannel;
  /** Cancels the deadline of the `ping` that has not been answered. */
  #cancelDeadline: (() => void) | undefined;
  #lastAuth: { token: string; ref: string } | undefined;

  constructor(channel: SharedChannel) {
    this.#channel = channel;
  }

  /** Sends a `ping` unless one waits for its `pong`, which all tabs receive. */
  ping(): void {
    const { clock, toServer, fail } = this.#channel;
    if (this.#cancelDeadline !== undefined) return;
    this.#cancelDeadline = clock.after(pongTimeoutMs, fail);
    toServer({ type: 'ping', ref: sharedRef({ tab: noTab, ref: 'ping' }) });
  }

  pingAnswered(): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
  }

  /** Tabs share the tokens, so each of them sends the token that one of them has renewed. */
  authenticate(tab: number, command: TabCommand<AuthCommand>): void {
    const { token } = command;
    if (token === this.#lastAuth?.token) return;
    const ref = sharedRef({ tab, ref: command.ref });
    this.#lastAuth = { token, ref };
    this.#channel.toServer({ ...command, ref });
  }

  /** A command was refused. The token that it may have carried can be sent again. */
  refused(ref: string): void {
    if (this.#lastAuth?.ref === ref) this.#lastAuth = undefined;
  }
}
