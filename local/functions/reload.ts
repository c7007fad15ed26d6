/** Notices which bundles differ from those that run, and has the host run the new ones. It knows nothing of how they are built. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '../error-details.ts';
import type { Log } from '../log.ts';
import type { LambdaFunction } from '../stack.ts';
import type { FunctionHost } from './function-host.ts';

/** A function that replaces what changed since it was last called, or since this call. */
export function createReload(functions: LambdaFunction[], host: FunctionHost, log: Log): () => Promise<void> {
  const running = new Map(
    functions.map(({ logicalId, codeDirectory }) => [logicalId, fingerprint(codeDirectory)]),
  );
  return async () => {
    const changed = functions.filter(
      ({ logicalId, codeDirectory }) => running.get(logicalId) !== fingerprint(codeDirectory),
    );
    await Promise.all(
      changed.map(async ({ logicalId, functionName, codeDirectory }) => {
        running.set(logicalId, fingerprint(codeDirectory));
        if (await host.replace(logicalId, codeDirectory)) log.info(`reloaded ${functionName}`);
      }),
    );
  };
}

/** Rebuilds a moment after the last of a burst of changes, one build at a time, and has the new bundles run. */
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
