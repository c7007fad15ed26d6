/** Finds the database binary of this platform. It starts nothing. */

import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { StartFailure } from '../start-failure.ts';

/** Path of the `dynoxide` binary: from the platform's npm package, else from the PATH. */
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
    `No database engine for ${process.platform}-${process.arch}: install the dynoxide binary on the PATH, ` +
      'or set DYNAMODB_ENDPOINT to a DynamoDB-compatible endpoint',
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
