/** Turns of those who must wait between tries, as items that expire by themselves. */
import type { Turn, TurnStore } from '../domain/ports/accounts.ts';
import type { AccessPatterns } from './access-patterns.ts';
import { expiry, type Item } from './item.ts';

export function turnStore(ask: AccessPatterns): TurnStore {
  return {
    async find(scope) {
      const item = await ask.turn(scope);
      return item && { pauseMs: item['pause_ms'] as number, nextAt: item['next_at'] as number };
    },
    async move(scope, from, to, until) {
      const set = { ...attributes(to), ttl: expiry(until) };
      return (await ask.moveTurn(scope, from && attributes(from), set)).ok;
    },
    async forget(scope) {
      await ask.forgetTurn(scope);
    },
  };
}

const attributes = ({ pauseMs, nextAt }: Turn): Item => ({ pause_ms: pauseMs, next_at: nextAt });
