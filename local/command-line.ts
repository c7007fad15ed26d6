/** Reads the flags and the environment that `npm start` takes; it starts nothing. */

import { StartFailure } from './start-failure.ts';

export interface CommandLine {
  fresh: boolean;
  seed: boolean;
  verbose: boolean;
  help: boolean;
  port: number;
}

export const usage = `npm start [-- flags]

  --fresh     begin with an empty database
  --seed      make two sample users and a room
  --verbose   print everything that the functions and the gateway log
  --help      print this

  PORT                the port, 3000 when absent, 0 for any free one
  DYNAMODB_ENDPOINT   a DynamoDB-compatible endpoint to use instead of the embedded engine
`;

/** The flags; a StartFailure names one that there is not, or an unusable PORT. */
export function readCommandLine(flags: string[], environment: NodeJS.ProcessEnv): CommandLine {
  const known = ['--fresh', '--seed', '--verbose', '--help'];
  const unknown = flags.find((flag) => !known.includes(flag));
  if (unknown !== undefined) throw new StartFailure(`Unknown flag ${unknown}: there are ${known.join(', ')}`);
  const port = environment['PORT'] || '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new StartFailure(`PORT is "${port}", expected a number from 0 to 65535`);
  }
  const fresh = flags.includes('--fresh');
  if (fresh && environment['DYNAMODB_ENDPOINT']) {
    throw new StartFailure(
      '--fresh empties the embedded engine only, and DYNAMODB_ENDPOINT names another one',
    );
  }
  return {
    fresh,
    seed: flags.includes('--seed'),
    verbose: flags.includes('--verbose'),
    help: flags.includes('--help'),
    port: Number(port),
  };
}
