/** Erasure steps: changes for the table stream, each of which continues the erasure of a deleted account. */
import { accessPattern } from '../access-pattern.ts';
import { number, oneOf, optional, text } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { expiry, type Item } from '../item.ts';
import { outbox } from '../outbox.ts';
import type { Table } from '../table.ts';

/** Longer than the table stream retries a record. */
const stepKeptMs = 7 * 24 * 60 * 60 * 1_000;

export const erasureStep = defineEntity({
  name: 'erasure step',
  description: 'a change for the table stream, which continues the erasure of a deleted account',
  pk: 'ERASE#{userId}',
  sk: 'STEP#{step}',
  attributes: {
    kind: optional(oneOf('kind', ['erasure'])),
    userId: text('user_id'),
    step: number('step'),
    outbox,
  },
  endsBy: '7 days later',
});

export const erasureStepItem = (userId: string, step: number, at: number): Item => ({
  ...erasureStep.key({ userId, step }),
  ...erasureStep.encode({ kind: 'erasure', userId, step, outbox: true }),
  ttl: expiry(at + stepKeptMs),
});

export const erasureSteps = (table: Table) => ({
  put: accessPattern(
    'PutItem',
    'Stores a step.',
    async (userId: string, step: number, at: number): Promise<void> => {
      await table.put(erasureStepItem(userId, step, at));
    },
  ),
});
