/** Steps of files: changes for the table stream after which objects are kept or removed, other than those of messages. */
import { accessPattern } from '../access-pattern.ts';
import { optional, texts } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { expiry } from '../item.ts';
import { outbox } from '../outbox.ts';
import type { Step } from '../table.ts';

/** Longer than the table stream retries a record. */
const stepKeptMs = 7 * 24 * 60 * 60 * 1_000;

export const fileStep = defineEntity({
  name: 'file step',
  description:
    'a change for the table stream, which keeps the objects of a new picture and removes those of the old one',
  pk: 'FILES#{stepKey}',
  sk: 'STEP',
  attributes: { keep: optional(texts('keep')), remove: optional(texts('remove')), outbox },
  endsBy: '7 days later',
});

export interface FileStep {
  /** Random, 22 characters in base64url. */
  stepKey: string;
  /** The keys of objects. */
  keep?: string[];
  remove?: string[];
}

export const fileSteps = {
  add: accessPattern(
    'part of a transaction',
    'Has the table stream keep objects, and remove others.',
    ({ stepKey, ...keys }: FileStep, at: number): Step => ({
      put: {
        ...fileStep.key({ stepKey }),
        ...fileStep.encode({ ...keys, outbox: 'files' }),
        ttl: expiry(at + stepKeptMs),
      },
    }),
  ),
};
