/** How busy this process keeps the processors: what decides whether more at once would be of use. */

import { availableParallelism } from 'node:os';

export interface ProcessorLoad {
  /** Whether this process has used more than half of all processors of late. */
  isBusy(): boolean;
}

/** Over so long a time, since a moment says little. */
export const watchMs = 250;
const busyFrom = 0.5;

/** Looks when it is asked, and no more often than is worth it. */
export function processorLoad(): ProcessorLoad {
  let used = process.cpuUsage();
  let watchedFrom = performance.now();
  let share = 0;
  return {
    isBusy() {
      const elapsed = performance.now() - watchedFrom;
      if (elapsed >= watchMs) {
        const { user, system } = process.cpuUsage(used);
        share = (user + system) / 1_000 / elapsed / availableParallelism();
        used = process.cpuUsage();
        watchedFrom = performance.now();
      }
      return share > busyFrom;
    },
  };
}
