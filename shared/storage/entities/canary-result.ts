/** The result of the canary's last check of the promises: one item, which the next check replaces. */
import { accessPattern } from '../access-pattern.ts';
import { flag, number, optional, text } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import type { Table } from '../table.ts';

export const canaryResult = defineEntity({
  name: 'canary result',
  description: 'what the canary found when it last checked the promises',
  pk: 'CANARY#RESULT',
  sk: 'RESULT',
  attributes: {
    checkedAt: number('checked_at'),
    /** When the next check must have replaced it; later it says nothing about the present. */
    validUntil: number('valid_until'),
    isKept: flag('is_kept'),
    sent: number('sent'),
    acknowledged: number('acknowledged'),
    /** Acknowledged messages that are not in the history. */
    lost: number('lost'),
    /** Messages that did not arrive on an open socket in time. */
    missed: number('missed'),
    /** Messages that arrived out of order, or that a resume did not bring. */
    misplaced: number('misplaced'),
    /** From send to receipt in milliseconds; absent when nothing arrived. */
    medianMs: optional(number('median_ms')),
    slowestMs: optional(number('slowest_ms')),
    /** Why the check could not be completed; absent when it was. */
    problem: optional(text('problem')),
  },
});

export type CanaryResult = ReturnType<typeof canaryResult.parse>;

export const canaryResultStore = (table: Table) => ({
  get: accessPattern(
    'GetItem',
    'Reads the result of the last check, undefined before the first one.',
    async (): Promise<CanaryResult | undefined> => {
      const item = await table.get(canaryResult.key({}));
      return item && canaryResult.parse(item);
    },
  ),
  put: accessPattern(
    'PutItem',
    'Replaces the result of the last check.',
    async (result: CanaryResult): Promise<void> => {
      await table.put({ ...canaryResult.key({}), ...canaryResult.encode(result) });
    },
  ),
});
