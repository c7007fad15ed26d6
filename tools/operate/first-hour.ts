/** `npm run first-hour`: tries on a deployed stage what could not be known before. */
import { addressesFrom, addressOptions } from './addresses.ts';
import { openAwsApi } from './aws/aws-api.ts';
import { findStack } from './aws/stacks.ts';
import { command, execute, OperatorError, processTerminal } from './command-line.ts';
import { firstHour } from './first-hour/first-hour.ts';
import type { OperatorAccess } from './first-hour/probe.ts';
import { assertStage, settingsOf, stackNameOf } from './stage.ts';

/** What the credentials reach of a stage; undefined when only an address is known. */
async function operatorAccess(stage: string | undefined): Promise<OperatorAccess | undefined> {
  if (stage === undefined) return undefined;
  assertStage(stage);
  const api = await openAwsApi();
  const { WebSocketUrl: webSocketUrl, TableName: tableName } =
    (await findStack(api, stackNameOf(stage)))?.outputs ?? {};
  if (webSocketUrl === undefined || tableName === undefined)
    throw new OperatorError(`The stack ${stackNameOf(stage)} is not in ${api.region}, or has no outputs.`);
  return { api, tableName, webSocketApi: new URL(webSocketUrl) };
}

/** The origin that a browser would send: the stage's first, or any where all are allowed. */
function originOf(stage: string | undefined): string {
  const allowed = stage === undefined ? [] : settingsOf(stage, { environment: process.env }).allowedOrigins;
  return allowed.find((origin) => origin !== '*') ?? 'https://first-hour.example';
}

process.exitCode = await execute(
  command({
    usage: 'npm run first-hour --',
    summary:
      'Tries what the documentation of AWS leaves open: preflights of browsers, DELETE with a body, a transaction under each\n' +
      'role, the addresses of sockets, aborted handshakes, files with their addresses, and large and many posts to\n' +
      'connections. Prints what it found beside what the project assumes, and deletes what it made. Run it on a stage\n' +
      'without users. The exit code is 1 when the platform differs.',
    options: {
      ...addressOptions,
      origin: {
        type: 'string',
        value: '<origin>',
        description: 'An allowed origin; that of the settings by default.',
      },
    },
    async run(values) {
      const operator = await operatorAccess(values.stage);
      const isAsAssumed = await firstHour(
        {
          addresses: await addressesFrom(values),
          ...(operator !== undefined && { operator }),
          origin: values.origin ?? originOf(values.stage),
        },
        processTerminal,
      );
      return isAsAssumed ? 0 : 1;
    },
  }),
  process.argv.slice(2),
);
