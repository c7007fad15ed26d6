/** Lambda entry of the canary: a schedule invokes it to check the promises, over the public addresses of the stage. */
import { logger } from '../../shared/lambda/logger.ts';
import { metrics, withMetrics } from '../../shared/lambda/metrics.ts';
import { clock } from '../../shared/lambda/system.ts';
import type { CanaryResult } from '../../shared/storage/entities/canary-result.ts';
import { checkPromises, isKept } from './check-promises.ts';
import { dependencies } from './dependencies.ts';

const { results, fetchKey, addresses, messages, intervalMinutes } = dependencies();

/** Every event of a check has this long to arrive, which is several times what a cold start takes. */
const timeoutMs = 5_000;

/** A result is valid until the next but one check; without a schedule, for an hour. */
const validMs = (intervalMinutes === 0 ? 60 : 2 * intervalMinutes + 1) * 60_000;

/** Checks the promises once, counts and stores the result, and returns it. */
export const handler = withMetrics(async (): Promise<CanaryResult> => {
  const observation = await checkPromises({ addresses, key: await fetchKey(), messages, timeoutMs });
  const { sent, acknowledged, lost, missed, misplaced, deliveryMs, problem } = observation;
  const sorted = deliveryMs.toSorted((one, other) => one - other);
  const checkedAt = clock.now();
  const result: CanaryResult = {
    checkedAt,
    validUntil: checkedAt + validMs,
    isKept: isKept(observation),
    sent,
    acknowledged,
    lost,
    missed,
    misplaced,
    medianMs: sorted[Math.floor(sorted.length / 2)],
    slowestMs: sorted.at(-1),
    problem,
  };
  metrics.add('PromisesChecked', 1);
  metrics.add('PromisesBroken', result.isKept ? 0 : 1);
  for (const milliseconds of deliveryMs) metrics.measure('DeliveryTime', milliseconds);
  if (!result.isKept) logger.error('The canary found a broken promise', { ...result });
  await results.put(result);
  return result;
});
