/** Keeps a room, or the list of rooms, open for a moment after its last user is gone. */
import type { Clock } from './system.ts';

/**
 * User interfaces close a view or a list and open it again a moment later: React does on a double mount, bundlers on a hot
 * reload, and routers between two pages. Nothing is left or loaded again in between.
 */
const lingerMs = 1_000;

export class Linger {
  readonly #clock: Clock;
  readonly #ended: () => void;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, ended: () => void) {
    this.#clock = clock;
    this.#ended = ended;
  }

  get isActive(): boolean {
    return this.#cancel !== undefined;
  }

  start(): void {
    this.stop();
    this.#cancel = this.#clock.after(lingerMs, () => {
      this.#cancel = undefined;
      this.#ended();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
