/** Invokes functions at the intervals of the template's scheduled rules, asynchronously as EventBridge does. */

import { randomUUID } from 'node:crypto';
import type { LocalStack } from '../stack.ts';
import type { AsyncInvocations } from './async-invocations.ts';

export interface SchedulesOptions {
  stack: Pick<LocalStack, 'schedules' | 'region' | 'accountId'>;
  invocations: Pick<AsyncInvocations, 'accept'>;
  /** Divides the intervals. */
  scale: number;
}

/** Starts all schedules, each with its first invocation after one interval; returns a function that ends them. */
export function startSchedules({ stack, invocations, scale }: SchedulesOptions): () => void {
  const { schedules, region, accountId } = stack;
  const timers = schedules.map(({ functionId, ruleArn, intervalSeconds, input }) =>
    setInterval(
      () => {
        const event = {
          version: '0',
          id: randomUUID(),
          'detail-type': 'Scheduled Event',
          source: 'aws.events',
          account: accountId,
          time: `${new Date().toISOString().slice(0, 19)}Z`,
          region,
          resources: [ruleArn],
          detail: {},
        };
        invocations.accept(functionId, input ?? JSON.stringify(event));
      },
      (intervalSeconds * 1_000) / scale,
    ),
  );
  return () => timers.forEach((timer) => clearInterval(timer));
}
