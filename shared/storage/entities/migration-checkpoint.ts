/** Migration checkpoints: how far a migration of stored items has read each segment of the table. */
import { accessPattern } from '../access-pattern.ts';
import { flag, number, optional, text } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { keyOf } from '../keys.ts';
import type { Table } from '../table.ts';

export const migrationCheckpoint = defineEntity({
  name: 'migration checkpoint',
  description:
    'how far a migration of stored items has read one segment of the table; written by `npm run migrate`',
  pk: 'MIGRATION#{name}',
  sk: 'SEGMENT#{segment}',
  attributes: {
    /** The number of segments must stay the same while a migration runs. */
    segments: number('segments'),
    /** The key after which the segment is read on; both absent before the first page. */
    afterPk: optional(text('after_pk')),
    afterSk: optional(text('after_sk')),
    isDone: flag('is_done'),
    read: number('read'),
    changed: number('changed'),
  },
});

/** What is stored about one segment. */
export type MigrationCheckpoint = ReturnType<typeof migrationCheckpoint.parse> & { segment: number };

export const migrationCheckpoints = (table: Table) => ({
  all: accessPattern(
    'Query',
    'Reads the checkpoints of a migration by segment; none before its first run.',
    async (name: string): Promise<MigrationCheckpoint[]> => {
      const items = await table.all({ partition: migrationCheckpoint.partition({ name }) });
      return items.map((item) => ({
        ...migrationCheckpoint.parse(item),
        segment: Number(migrationCheckpoint.partsOf(keyOf(item))?.segment),
      }));
    },
  ),
  put: accessPattern(
    'PutItem',
    'Stores how far a migration has read a segment.',
    async (name: string, { segment, ...value }: MigrationCheckpoint): Promise<void> => {
      await table.put({
        ...migrationCheckpoint.key({ name, segment }),
        ...migrationCheckpoint.encode(value),
      });
    },
  ),
  removeAll: accessPattern(
    'BatchWriteItem',
    'Deletes the checkpoints of a migration, so that the next run reads the whole table again.',
    async (name: string, checkpoints: readonly MigrationCheckpoint[]): Promise<void> => {
      await table.removeMany(checkpoints.map(({ segment }) => migrationCheckpoint.key({ name, segment })));
    },
  ),
});
