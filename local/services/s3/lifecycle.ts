/**
 * Deletes the objects that the lifecycle rules of the buckets end. As S3 does, it counts whole days, and a day ends at midnight
 * in UTC.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */

import type { LifecycleRule } from '../../bucket-definition.ts';
import type { Buckets, StoredObject } from '../buckets.ts';

export interface Lifecycle {
  /** Deletes the objects whose time has come; returns their number. */
  sweep(): number;
  /** Makes all objects older by whole days, and sweeps. */
  passDays(days: number): number;
  close(): void;
}

const dayMs = 86_400_000;
const intervalMs = 600_000;

/** Sweeps now and at intervals. */
export function watchLifecycle(
  buckets: Pick<Buckets, 'names' | 'definition' | 'list' | 'delete' | 'age'>,
): Lifecycle {
  function sweep(): number {
    const nowMs = Date.now();
    let count = 0;
    for (const name of buckets.names()) {
      const rules = buckets.definition(name)?.lifecycle ?? [];
      const ended = buckets.list(name).filter((object) => rules.some((rule) => endsBy(rule, object, nowMs)));
      for (const { key } of ended) buckets.delete(name, key);
      count += ended.length;
    }
    return count;
  }

  sweep();
  const timer = setInterval(sweep, intervalMs);
  return {
    sweep,
    passDays(days) {
      buckets.age(days * dayMs);
      return sweep();
    },
    close: () => clearInterval(timer),
  };
}

function endsBy(
  { prefix, tags, expirationDays }: LifecycleRule,
  object: StoredObject,
  nowMs: number,
): boolean {
  const isMeant =
    object.key.startsWith(prefix) &&
    Object.entries(tags).every(([name, value]) => object.tags[name] === value);
  const endsAtMs = Math.ceil((object.modifiedAtMs + expirationDays * dayMs) / dayMs) * dayMs;
  return isMeant && endsAtMs <= nowMs;
}
