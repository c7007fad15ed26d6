/** Searches for the highest rate that holds, by the caller's measurement. */

export interface Step<M> {
  rate: number;
  measured: M;
  holds: boolean;
}

interface Search<M> {
  /** Ascending. */
  rates: readonly number[];
  measure: (rate: number) => Promise<M>;
  holds: (measured: M) => boolean;
  /** The rate between the last that held and the first that failed is a multiple of this. */
  step: number;
}

/**
 * Raises the rate until one fails twice in a row, because the machine may cause a single failure, and then tries one
 * rate in between. `steps` holds every measurement, and `highest` the highest rate that held, if any did.
 */
export async function findHighest<M>({
  rates,
  measure,
  holds,
  step,
}: Search<M>): Promise<{ steps: Step<M>[]; highest: Step<M> | undefined }> {
  const steps: Step<M>[] = [];
  async function attempt(rate: number): Promise<boolean> {
    const measured = await measure(rate);
    steps.push({ rate, measured, holds: holds(measured) });
    return steps.at(-1)!.holds;
  }

  let held = 0;
  let failed: number | undefined;
  for (const rate of rates) {
    if ((await attempt(rate)) || (await attempt(rate))) {
      held = rate;
    } else {
      failed = rate;
      break;
    }
  }
  if (failed !== undefined && held > 0) {
    const middle = Math.round((held + failed) / 2 / step) * step;
    if (middle > held && middle < failed) await attempt(middle);
  }
  const highest = steps.filter((one) => one.holds).sort((a, b) => b.rate - a.rate)[0];
  return { steps, highest };
}
