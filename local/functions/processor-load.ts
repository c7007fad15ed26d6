/** Measures how busy this process keeps the processors, for the decision whether to run more at once. */

import { availableParallelism } from 'node:os';

export interface ProcessorLoad {
  /** Whether this process used more than half of the processors' capacity in the last measured window. */
  isBusy(): boolean;
}

/** The minimum length of a measured window: shorter ones vary too much. */
export const loadWindowMs = 250;
const busyShare = 0.5;

/** Starts measuring. A new window begins when `isBusy` is called after the current one has passed. */
export function watchProcessorLoad(): ProcessorLoad {
  let usageAtStart = process.cpuUsage();
  let windowStart = performance.now();
  let share = 0;
  return {
    isBusy() {
      const elapsedMs = performance.now() - windowStart;
      if (elapsedMs >= loadWindowMs) {
        const { user, system } = process.cpuUsage(usageAtStart);
        share = (user + system) / 1_000 / elapsedMs / availableParallelism();
        usageAtStart = process.cpuUsage();
        windowStart = performance.now();
      }
      return share > busyShare;
    },
  };
}
