/** `npm run preflight`: says whether a stage can be deployed to the account and region of the credentials. */
import { openAwsApi } from './aws/aws-api.ts';
import { command, execute, processTerminal } from './command-line.ts';
import { hasProblem, printFindings } from './preflight/finding.ts';
import { preflight } from './preflight/preflight.ts';
import { settingsOf, stageOption } from './stage.ts';

process.exitCode = await execute(
  command({
    usage: 'npm run preflight --',
    summary:
      'Checks credentials, region, quotas, the CDK bootstrap stack, CloudFront, the log role of API Gateway and the\n' +
      'settings of a stage, and says what to do about each finding. It changes nothing.\n' +
      'The exit code is 1 when a finding keeps the stage from being deployed, and 2 for wrong arguments.',
    options: { stage: stageOption },
    async run({ stage }) {
      const settings = settingsOf(stage, { environment: process.env });
      const findings = await preflight({ api: await openAwsApi(), stage, settings });
      printFindings(findings, processTerminal);
      return hasProblem(findings) ? 1 : 0;
    },
  }),
  process.argv.slice(2),
);
