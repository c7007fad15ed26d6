/** Finds the programs of installed packages without the links in `node_modules/.bin`, which Windows cannot start directly. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const modules = resolve(import.meta.dirname, '../node_modules');

/** The packages of programs that are named differently. */
const packages: Readonly<Record<string, string>> = { cdk: 'aws-cdk', tsc: 'typescript' };

/**
 * Returns the file that Node.js runs as a program of an installed package.
 *
 * @throws {Error} when the package is not installed or has no such program
 */
export function programFile(program: string): string {
  const folder = join(modules, packages[program] ?? program);
  const { bin }: { bin?: string | Record<string, string> } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const file = typeof bin === 'string' ? bin : bin?.[program];
  if (file === undefined) throw new Error(`The package in ${folder} has no program ${program}`);
  return join(folder, file);
}
