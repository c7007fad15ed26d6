/** Reloads the functions whose bundles have changed since they were loaded, and tells of a changed page. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '../error-details.ts';
import type { Log } from '../log.ts';
import type { EdgeBehavior } from '../edge-behavior.ts';
import type { LambdaFunction } from '../stack.ts';
import type { FunctionHost } from './function-host.ts';

/** Returns a function that reloads the bundles that have changed since its last call, or since this call. */
export function createReload(functions: LambdaFunction[], host: FunctionHost, log: Log): () => Promise<void> {
  const fingerprints = new Map(
    functions.map(({ logicalId, codeDirectory }) => [logicalId, fingerprint(codeDirectory)]),
  );
  return async () => {
    const changed = functions.filter(
      ({ logicalId, codeDirectory }) => fingerprints.get(logicalId) !== fingerprint(codeDirectory),
    );
    await Promise.all(
      changed.map(async ({ logicalId, functionName, codeDirectory }) => {
        fingerprints.set(logicalId, fingerprint(codeDirectory));
        if (await host.replace(logicalId, codeDirectory)) log.info(`Reloaded ${functionName}`);
      }),
    );
  };
}

/** Returns a function that logs when the files of the page have changed since its last call, or since this call. */
export function createPageReport(behaviors: EdgeBehavior[], log: Log): () => void {
  const directories = new Set(
    behaviors.flatMap((one) => (one.origin === 'bucket' ? [one.files.directory] : [])),
  );
  const fingerprintAll = (): string => [...directories].map(fingerprint).join();
  let known = fingerprintAll();
  return () => {
    const current = fingerprintAll();
    if (current !== known) log.info('Rebuilt the page; reload it in the browser');
    known = current;
  };
}

/** Rebuilds and reloads the bundles shortly after the last of a burst of changes, one build at a time. */
export function reloadOnChange(
  bundles: { rebuild(): Promise<void>; watch(changed: () => void): void },
  reload: () => Promise<void>,
  log: Log,
): void {
  let timer: NodeJS.Timeout | undefined;
  let building = Promise.resolve();
  bundles.watch(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      building = building
        .then(() => bundles.rebuild())
        .then(reload)
        .catch((error: unknown) => log.error(errorMessage(error)));
    }, 30);
  });
}

function fingerprint(directory: string): string {
  const hash = createHash('sha256');
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isFile()) hash.update(entry.name).update(readFileSync(join(directory, entry.name)));
  }
  return hash.digest('hex');
}
