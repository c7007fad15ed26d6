/**
 * Fetches the database binary of a platform whose package is not among the installed ones, because a lock file can name
 * only packages that its registry has.
 */

import { spawn } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorMessage } from '../error-details.ts';
import type { Log } from '../log.ts';
import { StartFailure } from '../start-failure.ts';
import { enginePackage, fetchedEngine, fetchedFolder, type Machine } from './engine-package.ts';

export interface FetchOptions {
  environment: NodeJS.ProcessEnv;
  machine: Machine;
  log: Pick<Log, 'info'>;
}

/**
 * Installs the platform's package at the project's version into a folder of the user, once. npm compares the archive with
 * the SHA-512 hash that the registry states for the version, and runs none of its scripts.
 *
 * @returns the path of the binary
 * @throws StartFailure when npm fails, with what to do instead
 */
export async function fetchEngine({ environment, machine, log }: FetchOptions): Promise<string> {
  const { name, version } = enginePackage(machine);
  const folder = fetchedFolder(environment, machine);
  log.info(`Fetching the database engine ${name}@${version} into ${folder}`);
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  try {
    await install(`${name}@${version}`, draft, environment, machine);
    const binary = fetchedEngine(environment, machine);
    // Another process may have fetched it.
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(binary)) throw error;
    });
    chmodSync(binary, 0o755);
    return binary;
  } catch (error) {
    throw new StartFailure(
      `The database engine for ${machine.platform}-${machine.arch} could not be fetched (${errorMessage(error)}). ` +
        `Connect to the npm registry and start again, put the dynoxide ${version} binary on the PATH, or set ` +
        'DYNAMODB_ENDPOINT to a DynamoDB-compatible endpoint.',
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Runs npm, by the file that runs this process's script where there is one: it needs no shell on any platform. */
function install(
  spec: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  machine: Machine,
): Promise<void> {
  const { npm_execpath: npmFile } = environment;
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact'];
  // Windows on ARM is not what the package for x64 says it is for.
  if (machine.platform === 'win32') args.push('--cpu=x64');
  args.push(spec);
  const isScript = npmFile !== undefined && /\.[cm]?js$/.test(npmFile);
  const child = isScript
    ? spawn(process.execPath, [npmFile, ...args], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
    : spawn('npm', args, {
        env: environment,
        stdio: ['ignore', 'ignore', 'pipe'],
        shell: machine.platform === 'win32',
      });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4_000)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(npmReason(errors, code)))));
  });
}

/** Returns the first line in which npm names the cause. */
function npmReason(errors: string, code: number | null): string {
  const lines = errors
    .split('\n')
    .map((line) => /^npm (?:error|ERR!) (?!code )(.*\S)/.exec(line)?.[1])
    .filter((line) => line !== undefined);
  return lines[0] ?? `npm ended with code ${code}`;
}
