/** Counters of attempts in fixed windows, as items that end by themselves. */
import type { LimitStore } from '../domain/ports/accounts.ts';
import { accessPatterns } from './access-patterns.ts';
import { keys } from './keys.ts';
import { expiry } from './item.ts';
import type { Table } from './table.ts';

export function limitStore(table: Table): LimitStore {
  const db = accessPatterns(table);
  return {
    async counts(scopes, windowStart) {
      const items = await db.limitCounts(scopes.map((scope) => keys.limit(scope, windowStart)));
      const hits = new Map(items.map((item) => [item['pk'], item['hits'] as number]));
      return scopes.map((scope) => hits.get(keys.limit(scope, windowStart).pk) ?? 0);
    },
    async hit(scope, windowStart, windowMs) {
      const outcome = await db.hitLimit(keys.limit(scope, windowStart), expiry(windowStart + windowMs));
      return outcome.item?.['hits'] as number;
    },
    async takeBack(scope, windowStart) {
      await db.takeBackHit(keys.limit(scope, windowStart));
    },
  };
}
