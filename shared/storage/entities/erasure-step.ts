/** The erasure step of a deleted account: the change for the table stream that starts the erasure. */
import { number, oneOf, optional, text } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { expiry, type Item } from '../item.ts';
import { outbox } from '../outbox.ts';

/** Longer than the table stream retries a record. */
const stepKeptMs = 7 * 24 * 60 * 60 * 1_000;

export const erasureStep = defineEntity({
  name: 'erasure step',
  description: 'a change for the table stream, which starts the erasure of a deleted account',
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

export const erasureStepItem = (userId: string, at: number): Item => ({
  ...erasureStep.key({ userId, step: 0 }),
  ...erasureStep.encode({ kind: 'erasure', userId, step: 0, outbox: true }),
  ttl: expiry(at + stepKeptMs),
});
