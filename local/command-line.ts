/** Reads the flags and the environment that `npm start` takes; it starts nothing. */

import { parseArgs } from 'node:util';
import { errorMessage } from './error-details.ts';
import { StartFailure } from './start-failure.ts';

export interface CommandLine {
  fresh: boolean;
  seed: boolean;
  verbose: boolean;
  help: boolean;
  port: number;
  /** The seed of the faults, true for a fixed one; false for no switchboard. */
  faults: boolean | string;
  /** How much faster the time limits of sockets pass. */
  scale: number;
}

export const usage = `npm start [-- flags]

  --fresh     begin with an empty database
  --seed      make two sample users and a room
  --verbose   print everything that the functions and the gateway log
  --faults[=SEED]  serve the switchboard of faults at /_local/faults
  --scale N   let the time limits of sockets (ten minutes idle, two hours in all) pass N times as fast
  --help      print this

  PORT                the port, 3000 when absent, 0 for any free one
  DYNAMODB_ENDPOINT   a DynamoDB-compatible endpoint to use instead of the embedded engine
`;

/** The flags; a StartFailure names one that there is not, or an unusable PORT. */
export function readCommandLine(flags: string[], environment: NodeJS.ProcessEnv): CommandLine {
  const { values, faults } = parseFlags(flags);
  const port = environment['PORT'] || '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new StartFailure(`PORT is "${port}", expected a number from 0 to 65535`);
  }
  const fresh = values.fresh ?? false;
  if (fresh && environment['DYNAMODB_ENDPOINT']) {
    throw new StartFailure(
      '--fresh empties the embedded engine only, and DYNAMODB_ENDPOINT names another one',
    );
  }
  return {
    fresh,
    seed: values.seed ?? false,
    verbose: values.verbose ?? false,
    help: values.help ?? false,
    port: Number(port),
    faults,
    scale: readScale(values.scale),
  };
}

const known = {
  fresh: { type: 'boolean' },
  seed: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean' },
  scale: { type: 'string' },
} as const;

/** The one flag with or without a value, which parseArgs does not know. */
const isFaults = (flag: string): boolean => flag === '--faults' || flag.startsWith('--faults=');

function parseFlags(flags: string[]) {
  const faults = flags.find(isFaults);
  const seed = faults?.slice('--faults='.length) ?? '';
  try {
    const { values } = parseArgs({ args: flags.filter((flag) => !isFaults(flag)), options: known });
    return { values, faults: faults !== undefined && (seed || true) };
  } catch (error) {
    const names = [...Object.keys(known), 'faults'].map((name) => `--${name}`);
    throw new StartFailure(`${errorMessage(error).split('. ')[0]}: there are ${names.join(', ')}`);
  }
}

function readScale(text = '1'): number {
  const scale = Number(text);
  if (scale > 0 && Number.isFinite(scale)) return scale;
  throw new StartFailure(`--scale is "${text}", expected a number above 0`);
}
