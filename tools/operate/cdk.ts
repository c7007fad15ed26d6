/** Runs the CDK's command line in the version that package.json pins. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { programFile } from '../package-program.ts';
import { OperatorError } from './command-line.ts';

/** The project's folder. */
export const projectDirectory = resolve(import.meta.dirname, '../..');

/**
 * Runs it with the terminal of this process, so that it can ask, and returns its exit code.
 * @throws OperatorError when it is not installed
 */
export async function runCdk(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [programFile('cdk'), ...args], {
    cwd: projectDirectory,
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit').catch((cause: unknown) => {
    throw new OperatorError('The CDK could not be started: run npm ci first.', { cause });
  })) as [number | null];
  return code ?? 1;
}
