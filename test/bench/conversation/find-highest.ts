/** Looks for the highest rate that still holds; what a rate is, and when it holds, is the caller's. */

export interface Step<M> {
  rate: number;
  measured: M;
  holds: boolean;
}

interface Search<M> {
  /** Rising. */
  rates: readonly number[];
  measure: (rate: number) => Promise<M>;
  holds: (measured: M) => boolean;
  /** Steps between the last rate that held and the first that did not are no finer than this. */
  step: number;
}

/**
 * Climbs until a rate fails twice in a row, since one failure may be the machine's, then tries once in the middle.
 * Every measurement is among `steps`; `highest` is the best that held, if any did.
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
