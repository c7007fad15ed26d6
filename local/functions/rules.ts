/** Invokes functions as the template's rules say, at intervals and for new objects, asynchronously as EventBridge does. */

import { randomUUID } from 'node:crypto';
import type { Buckets } from '../services/buckets.ts';
import { objectCreatedEvent } from '../services/s3/notification.ts';
import type { LocalStack } from '../stack.ts';
import { compileFilters } from '../streams/filter-pattern.ts';
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

/** Delivers an event for a function: once, later, more often or not at all. */
export type DeliverEvent = (functionId: string, event: string, deliver: () => void) => void;

export interface ObjectRulesOptions {
  stack: Pick<LocalStack, 'objectRules' | 'buckets' | 'region' | 'accountId'>;
  buckets: Pick<Buckets, 'onCreated'>;
  invocations: Pick<AsyncInvocations, 'accept'>;
  deliverEvent?: DeliverEvent;
}

/** Starts all rules for new objects; returns a function that ends them. */
export function startObjectRules({
  stack: { objectRules, buckets: definitions, region, accountId },
  buckets,
  invocations,
  deliverEvent = (_functionId, _event, deliver) => deliver(),
}: ObjectRulesOptions): () => void {
  let isClosed = false;
  const rules = objectRules.map((rule) => ({ ...rule, matches: compileFilters([rule.pattern]) }));
  const sending = new Set(definitions.filter((one) => one.sendsEvents).map(({ bucketName }) => bucketName));
  buckets.onCreated((created) => {
    if (!sending.has(created.bucketName)) return;
    const event = objectCreatedEvent({ ...created, region, accountId });
    for (const { functionId, input } of rules.filter(({ matches }) => matches(event))) {
      const text = input ?? JSON.stringify(event);
      deliverEvent(functionId, text, () => {
        if (!isClosed) invocations.accept(functionId, text);
      });
    }
  });
  return () => void (isClosed = true);
}
