/** Waits that end early when the server can be reached again, and reject when their upload is stopped. */
import type { Clock } from '../system.ts';

export class Pauses {
  readonly #clock: Clock;
  readonly #enders = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends all waits. */
  wake(): void {
    for (const end of Array.from(this.#enders)) end();
  }

  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        cancel();
        this.#enders.delete(end);
        signal?.removeEventListener('abort', end);
        if (signal?.aborted === true) reject(stopped());
        else resolve();
      };
      const cancel = this.#clock.after(milliseconds, end);
      this.#enders.add(end);
      signal?.addEventListener('abort', end);
      if (signal?.aborted === true) end();
    });
  }
}

export const stopped = (): Error => new Error('The upload was stopped.');

export function assertWanted(signal: AbortSignal): void {
  if (signal.aborted) throw stopped();
}
