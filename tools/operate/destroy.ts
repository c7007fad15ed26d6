/** `npm run destroy`: deletes the stack of a stage. */
import { openAwsApi } from './aws/aws-api.ts';
import { command, execute, processTerminal } from './command-line.ts';
import { destroy } from './destroy/destroy.ts';
import { stageOption } from './stage.ts';

process.exitCode = await execute(
  command({
    usage: 'npm run destroy --',
    summary:
      'Deletes the stack of a stage, and is the way out of a first deployment that failed. A stage that keeps data\n' +
      '(staging and prod, unless KEEP_DATA says otherwise) keeps its table, its secrets and its logs.\n' +
      'docs/operations.md says how to delete those.',
    options: {
      stage: stageOption,
      yes: {
        type: 'string',
        value: '<stack name>',
        description: 'Confirms the deletion, such as ServerlessChat-dev.',
      },
    },
    async run({ stage, yes }) {
      await destroy({ stage, yes }, { terminal: processTerminal, openAwsApi });
      return 0;
    },
  }),
  process.argv.slice(2),
);
