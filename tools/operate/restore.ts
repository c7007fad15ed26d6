/** `npm run restore`: writes the items that a stage's table lacks, from another table or from an export. */
import { command, execute, OperatorError, processTerminal } from './command-line.ts';
import { positiveNumber } from './numbers.ts';
import { isEmpty, restoreItems, type RestoreResult } from './restore/restore-items.ts';
import { itemsOfExport, itemsOfTable } from './restore/sources.ts';
import { assertStage, stageOption } from './stage.ts';
import { operatorClient, tableOfStage } from './table-of-stage.ts';

const describe = ({ restored, existing, left }: RestoreResult): string =>
  `${restored} items restored, ${existing} were there, ${left} of sockets and tickets left out`;

process.exitCode = await execute(
  command({
    usage: 'npm run restore --',
    summary:
      'Writes the items that the table of a stage lacks. The source is a table that was restored to a point in time, or the\n' +
      'downloaded folder "data" of an export to S3. No item is overwritten. Close the stage first: docs/operations.md says\n' +
      'how, and why a table that is not empty needs --merge.',
    options: {
      stage: stageOption,
      'from-table': { type: 'string', value: '<name>', description: 'The table to restore from.' },
      'from-export': {
        type: 'string',
        value: '<folder>',
        description: 'The folder with the files *.json.gz.',
      },
      merge: {
        type: 'boolean',
        description: 'Add to a table that has items; this brings back what users have deleted since.',
      },
      writes: { type: 'string', value: '<number>', description: 'Items written a second; 500 by default.' },
    },
    async run({ stage, merge, 'from-table': fromTable, 'from-export': fromExport, writes }) {
      assertStage(stage);
      if ((fromTable === undefined) === (fromExport === undefined))
        throw new OperatorError('Name the source with either --from-table or --from-export.');
      const writesPerSecond = positiveNumber('writes', writes, 500);
      const client = operatorClient();
      const tableName = await tableOfStage(stage);
      if (fromTable === tableName) throw new OperatorError(`${tableName} is the table of the stage itself.`);
      if (!merge && !(await isEmpty(client, tableName)))
        throw new OperatorError(`${tableName} is not empty. Nothing was written; --merge adds to it.`);
      const items =
        fromTable === undefined ? itemsOfExport(fromExport ?? '') : itemsOfTable(client, fromTable);
      const result = await restoreItems({
        client,
        tableName,
        items,
        writesPerSecond,
        onProgress: (soFar) => processTerminal.print(describe(soFar)),
      });
      processTerminal.print(`Done: ${describe(result)}.`);
      return 0;
    },
  }),
  process.argv.slice(2),
);
