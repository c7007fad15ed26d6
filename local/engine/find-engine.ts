/** Finds the database binary of this machine: in the platform's npm package, on the PATH, or fetched earlier. */

import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { enginePackage, fetchedEngine, type Machine } from './engine-package.ts';

/** Returns the path of the `dynoxide` binary; undefined when there is none on this machine. */
export function findEngine(
  environment: NodeJS.ProcessEnv = process.env,
  machine: Machine = process,
): string | undefined {
  const { name, executable } = enginePackage(machine);
  const candidates = [
    packagedEngine(name, executable),
    ...pathOf(environment)
      .split(delimiter)
      .filter(Boolean)
      .map((directory) => join(directory, executable)),
    fetchedEngine(environment, machine),
  ];
  return candidates.find((candidate) => candidate !== undefined && isExecutable(candidate));
}

/** Windows does not regard the case of the variable's name, and a copy of the environment keeps the original one. */
const pathOf = (environment: NodeJS.ProcessEnv): string => environment['PATH'] ?? environment['Path'] ?? '';

function packagedEngine(name: string, executable: string): string | undefined {
  try {
    return join(createRequire(import.meta.url).resolve(`${name}/package.json`), '..', executable);
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
