/** Counters of attempts in fixed windows of time. */
import type { LimitStore } from '../../domain/ports/accounts.ts';
import { accessPattern } from '../access-pattern.ts';
import { number } from '../attributes.ts';
import { defineEntity, exists } from '../entity.ts';
import { expiry } from '../item.ts';
import { keyOf } from '../keys.ts';
import type { Table } from '../table.ts';

export const limit = defineEntity({
  name: 'limit',
  description: 'how often something was attempted in one window of time',
  pk: 'LIMIT#{scope}',
  sk: '{windowStart}',
  attributes: { hits: number('hits') },
  endsBy: 'with its window',
});

export const limitStore = (table: Table): LimitStore => ({
  counts: accessPattern(
    'BatchGetItem',
    'Reads the counters of several scopes.',
    async (scopes, windowStart) => {
      const items = await table.getMany(scopes.map((scope) => limit.key({ scope, windowStart })));
      const hits = new Map(items.map((item) => [keyOf(item).pk, limit.parse(item).hits]));
      return scopes.map((scope) => hits.get(limit.partition({ scope })) ?? 0);
    },
  ),
  hit: accessPattern(
    'UpdateItem',
    'Adds one to a counter, which need not exist.',
    async (scope, windowStart, windowMs) => {
      const outcome = await table.update(limit.key({ scope, windowStart }), {
        add: { hits: 1 },
        set: { ttl: expiry(windowStart + windowMs) },
      });
      return limit.parse(outcome.item).hits;
    },
  ),
  refund: accessPattern(
    'UpdateItem',
    'Refunds one hit of a counter that exists.',
    async (scope, windowStart) => {
      await table.update(limit.key({ scope, windowStart }), { add: { hits: -1 } }, exists);
    },
  ),
});
