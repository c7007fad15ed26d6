/** Pauses between login attempts: when the next one is admitted. */
import type { LoginPauseStore } from '../../domain/ports/accounts.ts';
import { accessPattern } from '../access-pattern.ts';
import { number } from '../attributes.ts';
import { defineEntity, exists, isNew } from '../entity.ts';
import { expiry } from '../item.ts';
import type { Table } from '../table.ts';

export const loginPause = defineEntity({
  name: 'login pause',
  description: 'how long one address must wait before its next login attempt for one account, and until when',
  pk: 'LIMIT#{scope}',
  // Pauses were first called turns: this key and the scope `turn/…` keep the name, as renaming would end all pauses.
  sk: 'TURN',
  attributes: { pauseMs: number('pause_ms'), nextAtMs: number('next_at') },
  endsBy: 'a day after the pause ends',
});

export const loginPauseStore = (table: Table): LoginPauseStore => ({
  find: accessPattern('GetItem', 'Reads a pause.', async (scope) => {
    const item = await table.get(loginPause.key({ scope }));
    return item && loginPause.parse(item);
  }),
  replace: accessPattern(
    'UpdateItem',
    'Replaces a pause if it is the one that was read, or stores the first one.',
    async (scope, from, to, expiresAtMs) => {
      const isUnchanged = from && {
        if: 'pause_ms = :pause AND next_at = :next',
        values: { ':pause': from.pauseMs, ':next': from.nextAtMs },
      };
      const set = { ...loginPause.encode(to), ttl: expiry(expiresAtMs) };
      return (await table.update(loginPause.key({ scope }), { set }, isUnchanged ?? isNew)).ok;
    },
  ),
  reset: accessPattern('UpdateItem', 'Sets a pause that exists to zero.', async (scope) => {
    await table.update(loginPause.key({ scope }), { set: loginPause.encode({ pauseMs: 0 }) }, exists);
  }),
});
