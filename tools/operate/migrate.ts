/** `npm run migrate`: brings the stored items of a stage to the form that this version writes, while the stage is in use. */
import { command, execute, OperatorError, processTerminal } from './command-line.ts';
import type { Migration } from './migrate/migration.ts';
import { migrations } from './migrate/migrations.ts';
import { runMigration } from './migrate/run-migration.ts';
import { positiveNumber } from './numbers.ts';
import { assertStage, stageOption } from './stage.ts';
import { operatorClient, tableOfStage } from './table-of-stage.ts';

/** @throws OperatorError for an unknown name */
function chosen(only: string | undefined): readonly Migration[] {
  const found = migrations.filter(({ name }) => only === undefined || name === only);
  if (only !== undefined && found.length === 0) throw new OperatorError(`There is no migration "${only}".`);
  return found;
}

/** Ends the run after the pages that are being read; a second signal ends the process. */
function untilInterrupted(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  return stopping.signal;
}

process.exitCode = await execute(
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
      const selected = chosen(only);
      if (list || selected.length === 0) {
        for (const { name, description } of selected) processTerminal.print(`${name}: ${description}`);
        if (selected.length === 0) processTerminal.print('This version has no migrations.');
        return 0;
      }
      const rates = {
        segments: positiveNumber('segments', texts.segments, 4),
        readUnitsPerSecond: positiveNumber('read-units', texts['read-units'], 200),
        writesPerSecond: positiveNumber('writes', texts.writes, 100),
      };
      const tableName = await tableOfStage(stage);
      const client = operatorClient();
      const signal = untilInterrupted();
      for (const migration of selected) {
        const { read, changed, isDone } = await runMigration(migration, {
          client,
          tableName,
          ...rates,
          restart,
          signal,
          onPage: ({ segment, read: count, changed: done }) =>
            processTerminal.print(
              `${migration.name} segment ${segment}: ${count} items read, ${done} changed`,
            ),
        });
        const outcome = isDone ? 'done' : 'interrupted; run it again to go on';
        processTerminal.print(`${migration.name} ${outcome}: ${read} items read, ${changed} changed`);
        if (!isDone) return 1;
      }
      return 0;
    },
  }),
  process.argv.slice(2),
);
