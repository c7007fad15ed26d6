/** Keeps an average rate over a run, so that a migration leaves capacity to the users of the table. */
import { setTimeout as delay } from 'node:timers/promises';

export interface Pace {
  /** Takes units that were or will be used, and resolves when the average rate allows to go on. */
  take(this: void, units: number): Promise<void>;
}

/** Returns a pace that all lanes of a run share. Unused time is not saved up for longer than a second. */
export function paceOf(unitsPerSecond: number): Pace {
  let freeAtMs = Date.now();
  return {
    async take(units) {
      const nowMs = Date.now();
      freeAtMs = Math.max(freeAtMs, nowMs - 1_000) + (units / unitsPerSecond) * 1_000;
      if (freeAtMs > nowMs) await delay(freeAtMs - nowMs);
    },
  };
}
