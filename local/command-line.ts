/** Reads the flags and environment variables of `npm start`. */

import { parseArgs } from 'node:util';
import { errorMessage } from './error-details.ts';
import { StartFailure } from './start-failure.ts';

export interface CommandLine {
  fresh: boolean;
  seed: boolean;
  /** Fills a community with weeks of messages. */
  sample: boolean;
  verbose: boolean;
  help: boolean;
  port: number;
  /** The random seed of the faults, or true for a fixed one; false without the faults API. */
  faults: boolean | string;
  /** The factor by which the time limits of sockets are shortened. */
  scale: number;
  /** The folder for data; undefined for `.data` in the project. */
  dataDirectory: string | undefined;
}

/** The address without flags and variables, which `npm run chat` uses by default. */
export const defaultUrl = 'http://127.0.0.1:3000';

/** The text of `--help`. */
export const usage = `Usage: npm start [-- FLAGS]

Flags:
  --port N          listen on this port, as with the variable PORT
  --fresh           delete the data of earlier runs first
  --seed            create two sample users and a room
  --sample          create twelve users, eight rooms and messages of four weeks
  --verbose         print every log line of the functions and the gateway
  --faults[=SEED]   enable fault injection at /_local/faults, with this random seed
  --scale N         divide the time limits of sockets (10 minutes idle, 2 hours in total) and the intervals of
                    schedules by N
  --help            print this text

Environment variables:
  PORT                the port; 3000 by default, 0 for any free one
  DATA_DIRECTORY      the folder for data; .data in the project by default
  DYNAMODB_ENDPOINT   a DynamoDB-compatible endpoint to use instead of the embedded engine

docs/local-runtime.md has the details.
`;

/**
 * Reads the command line.
 * @throws StartFailure when a flag or PORT is invalid
 */
export function readCommandLine(flags: string[], environment: NodeJS.ProcessEnv): CommandLine {
  const { values, faults } = parseFlags(flags);
  const [source, port] =
    values.port === undefined ? ['PORT', environment['PORT'] || '3000'] : ['--port', values.port];
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new StartFailure(`${source} must be a number from 0 to 65535, not "${port}".`);
  }
  const fresh = values.fresh ?? false;
  if (fresh && environment['DYNAMODB_ENDPOINT']) {
    throw new StartFailure(
      '--fresh can only empty the embedded database, but DYNAMODB_ENDPOINT is set. Use only one of them.',
    );
  }
  return {
    fresh,
    seed: values.seed ?? false,
    sample: values.sample ?? false,
    verbose: values.verbose ?? false,
    help: values.help ?? false,
    port: Number(port),
    faults,
    scale: readScale(values.scale),
    dataDirectory: environment['DATA_DIRECTORY'] || undefined,
  };
}

const flagOptions = {
  port: { type: 'string' },
  fresh: { type: 'boolean' },
  seed: { type: 'boolean' },
  sample: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean' },
  scale: { type: 'string' },
} as const;

/** Only this flag has an optional value, which parseArgs does not support. */
const isFaults = (flag: string): boolean => flag === '--faults' || flag.startsWith('--faults=');

function parseFlags(flags: string[]) {
  const faults = flags.find(isFaults);
  const seed = faults?.slice('--faults='.length) ?? '';
  try {
    const { values } = parseArgs({ args: flags.filter((flag) => !isFaults(flag)), options: flagOptions });
    return { values, faults: faults !== undefined && (seed || true) };
  } catch (error) {
    const names = [...Object.keys(flagOptions), 'faults'].map((name) => `--${name}`);
    throw new StartFailure(`${errorMessage(error).split('. ')[0]}. The flags are ${names.join(', ')}.`);
  }
}

function readScale(text = '1'): number {
  const scale = Number(text);
  if (scale > 0 && Number.isFinite(scale)) return scale;
  throw new StartFailure(`--scale must be a number above 0, not "${text}".`);
}
