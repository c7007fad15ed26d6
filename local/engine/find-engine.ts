/** Finds the database binary for this platform. */

import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { StartFailure } from '../start-failure.ts';

/**
 * Returns the path of the `dynoxide` binary, from the platform's npm package or else from the PATH.
 * @throws StartFailure when there is none
 */
export function findEngine(environment: NodeJS.ProcessEnv = process.env): string {
  const executable = process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide';
  const candidates = [
    packagedEngine(executable),
    ...(environment['PATH'] ?? '')
      .split(delimiter)
      .filter(Boolean)
      .map((directory) => join(directory, executable)),
  ];
  const found = candidates.find((candidate) => candidate !== undefined && isExecutable(candidate));
  if (found !== undefined) return found;
  throw new StartFailure(
    `There is no database engine for ${process.platform}-${process.arch}. Put the dynoxide binary on the PATH, ` +
      'or set DYNAMODB_ENDPOINT to a DynamoDB-compatible endpoint.',
  );
}

function packagedEngine(executable: string): string | undefined {
  try {
    const packageFile = createRequire(import.meta.url).resolve(
      `@dynoxide/${process.platform}-${process.arch}/package.json`,
    );
    return join(packageFile, '..', executable);
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
