/** Pauses between login attempts, stored as items that expire by their TTL. */
import type { LoginPause, LoginPauseStore } from '../domain/ports/accounts.ts';
import { accessPatterns } from './access-patterns.ts';
import { expiry, type Item } from './item.ts';
import type { Table } from './table.ts';

export function loginPauseStore(table: Table): LoginPauseStore {
  const db = accessPatterns(table);
  return {
    async find(scope) {
      const item = await db.loginPause(scope);
      return item && { pauseMs: item['pause_ms'] as number, nextAt: item['next_at'] as number };
    },
    async replace(scope, from, to, until) {
      const set = { ...attributes(to), ttl: expiry(until) };
      return (await db.replaceLoginPause(scope, from && attributes(from), set)).ok;
    },
    async reset(scope) {
      await db.resetLoginPause(scope);
    },
  };
}

const attributes = ({ pauseMs, nextAt }: LoginPause): Item => ({ pause_ms: pauseMs, next_at: nextAt });
