/** Turns of those who must wait between tries, as items that expire by themselves. */
import type { Turn, TurnStore } from '../domain/ports/accounts.ts';
import { accessPatterns } from './access-patterns.ts';
import { expiry, type Item } from './item.ts';
import type { Table } from './table.ts';

export function turnStore(table: Table): TurnStore {
  const db = accessPatterns(table);
  return {
    async find(scope) {
      const item = await db.turn(scope);
      return item && { pauseMs: item['pause_ms'] as number, nextAt: item['next_at'] as number };
    },
    async move(scope, from, to, until) {
      const set = { ...attributes(to), ttl: expiry(until) };
      return (await db.moveTurn(scope, from && attributes(from), set)).ok;
    },
    async forget(scope) {
      await db.forgetTurn(scope);
    },
  };
}

const attributes = ({ pauseMs, nextAt }: Turn): Item => ({ pause_ms: pauseMs, next_at: nextAt });
