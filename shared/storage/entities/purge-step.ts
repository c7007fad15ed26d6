/** Purge steps: changes for the table stream, each of which continues the purge of a deleted room. */
import { accessPattern } from '../access-pattern.ts';
import { number, oneOf, text } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { outbox } from '../outbox.ts';
import type { Table } from '../table.ts';

export const purgeStep = defineEntity({
  name: 'purge step',
  description:
    'a change for the table stream, which continues the purge of a deleted room; deleted with the log',
  pk: 'LOG#{roomId}',
  sk: 'PURGE#{step}',
  attributes: {
    kind: oneOf('kind', ['purge']),
    roomId: text('room_id'),
    step: number('step'),
    outbox,
  },
});

export const purgeSteps = (table: Table) => ({
  put: accessPattern('PutItem', 'Stores a step.', async (roomId: string, step: number): Promise<void> => {
    const value = { kind: 'purge' as const, roomId, step, outbox: true };
    await table.put({ ...purgeStep.key(value), ...purgeStep.encode(value) });
  }),
});
