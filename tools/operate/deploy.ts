/** `npm run deploy`: deploys a stage to the account and region of the credentials. */
import { openAwsApi } from './aws/aws-api.ts';
import { projectDirectory, runCdk } from './cdk.ts';
import { command, execute, processTerminal } from './command-line.ts';
import { deploy } from './deploy/deploy.ts';
import { smoke } from './smoke/smoke.ts';
import { stageOption } from './stage.ts';
import { uncommittedFiles } from './working-tree.ts';

process.exitCode = await execute(
  command({
    usage: 'npm run deploy --',
    summary:
      'Runs the preflight, synthesizes and deploys a stage with the pinned CDK, protects a stage that keeps data against\n' +
      'deletion once it is deployed, and runs the smoke test. Stops before anything is touched when a setting is missing\n' +
      'or, for prod, when the working tree has uncommitted changes.\n' +
      'The exit code is 0 when the stage is deployed and works.',
    options: {
      stage: stageOption,
      'require-approval': {
        type: 'string',
        value: '<never|any-change|broadening>',
        description: 'Which changes of permissions the CDK asks about; broadening by default.',
      },
      'skip-smoke': { type: 'boolean', description: 'Do not run the smoke test afterwards.' },
    },
    run: ({ stage, 'require-approval': requireApproval = 'broadening', 'skip-smoke': skipSmoke }) =>
      deploy(
        { stage, requireApproval, skipSmoke },
        {
          terminal: processTerminal,
          settings: { environment: process.env },
          uncommittedFiles: () => uncommittedFiles(projectDirectory),
          openAwsApi,
          cdk: runCdk,
          smoke: (addresses) => smoke(addresses, processTerminal),
        },
      ),
  }),
  process.argv.slice(2),
);
