/** `npm run migrate`: brings the stored items of a stage to the form that this version writes, while the stage is in use. */
import { execute, processTerminal } from './command-line.ts';
import { migrateCommand } from './migrate/migrate-command.ts';
import { migrations } from './migrate/migrations.ts';
import { operatorClient, tableOfStage } from './table-of-stage.ts';

/** Ends the run after the pages that are being read; a second signal ends the process. */
function untilInterrupted(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  return stopping.signal;
}

process.exitCode = await execute(
  migrateCommand({
    migrations,
    openTable: async (stage) => ({ client: operatorClient(), tableName: await tableOfStage(stage) }),
    untilInterrupted,
    terminal: processTerminal,
  }),
  process.argv.slice(2),
);
