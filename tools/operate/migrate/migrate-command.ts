/** The command that runs migrations: its options, what it prints, and what its exit code says. */
import { command, OperatorError, type Terminal } from '../command-line.ts';
import { positiveNumber } from '../numbers.ts';
import { assertStage, stageOption } from '../stage.ts';
import type { Migration } from './migration.ts';
import { runMigration, type MigrationOptions } from './run-migration.ts';

export interface MigratePorts {
  /** Oldest first. */
  migrations: readonly Migration[];
  /** Opens the table of a stage, once there is something to do. */
  openTable(this: void, stage: string): Promise<Pick<MigrationOptions, 'client' | 'tableName'>>;
  /** Returns the signal that ends a run after the pages that are being read. */
  untilInterrupted(this: void): AbortSignal;
  terminal: Pick<Terminal, 'print'>;
}

/** Returns the command for these migrations. */
export const migrateCommand = ({ migrations, openTable, untilInterrupted, terminal }: MigratePorts) =>
  command({
    usage: 'npm run migrate --',
    summary:
      'Runs the migrations of stored items, oldest first, while the stage is in use. Each reads the whole table once, stores\n' +
      'how far it has come, and goes on there when it is run again; one that is done reads nothing. Deploy first: the\n' +
      'deployed functions read both forms. Uses the rights of your credentials to scan and to update the table.\n' +
      'The exit code is 1 when a migration was interrupted or failed.',
    options: {
      stage: stageOption,
      only: { type: 'string', value: '<name>', description: 'Run this migration alone.' },
      list: { type: 'boolean', description: 'List the migrations and end.' },
      restart: { type: 'boolean', description: 'Read the whole table again.' },
      segments: {
        type: 'string',
        value: '<number>',
        description: 'How many parts of the table are read at the same time; 4 by default.',
      },
      'read-units': {
        type: 'string',
        value: '<number>',
        description: 'Read units a second; 200 by default. A unit reads 4 KB.',
      },
      writes: { type: 'string', value: '<number>', description: 'Items changed a second; 100 by default.' },
    },
    async run({ stage, only, list, restart, ...texts }) {
      assertStage(stage);
      const rates = {
        segments: positiveNumber('segments', texts.segments, 4),
        readUnitsPerSecond: positiveNumber('read-units', texts['read-units'], 200),
        writesPerSecond: positiveNumber('writes', texts.writes, 100),
      };
      const selected = select(migrations, only);
      if (selected.length === 0) terminal.print('This version has no migrations.');
      if (list) for (const { name, description } of selected) terminal.print(`${name}: ${description}`);
      if (list || selected.length === 0) return 0;
      const table = await openTable(stage);
      const signal = untilInterrupted();
      for (const migration of selected) {
        const { name } = migration;
        const { read, changed, isDone } = await runMigration(migration, {
          ...table,
          ...rates,
          restart,
          signal,
          onPage: ({ segment, read: count, changed: done }) =>
            terminal.print(`${name} segment ${segment}: ${count} items read, ${done} changed`),
        });
        const outcome = isDone ? 'done' : 'interrupted; run it again to go on';
        terminal.print(`${name} ${outcome}: ${read} items read, ${changed} changed`);
        if (!isDone) return 1;
      }
      return 0;
    },
  });

/** @throws OperatorError for an unknown name */
function select(migrations: readonly Migration[], only: string | undefined): readonly Migration[] {
  const selected = migrations.filter(({ name }) => only === undefined || name === only);
  if (only !== undefined && selected.length === 0)
    throw new OperatorError(`There is no migration "${only}".`);
  return selected;
}
