/** A local runtime for the tests of one file. */
import { afterAll, beforeAll } from 'vitest';
import type { LocalRuntime } from '../../local/start.ts';
import { useDeployment } from './deployment.ts';
import { startTestRuntime, type TestRuntime, type TestRuntimeOptions } from './runtime.ts';

/** Starts a runtime before the tests of the file, makes it the deployment of all helpers, and stops it after them. */
export function useRuntime(options: TestRuntimeOptions = {}): { runtime: () => LocalRuntime } {
  let started: TestRuntime | undefined;
  beforeAll(async () => {
    started = await startTestRuntime(options);
    useDeployment(started.runtime.url);
  });
  afterAll(async () => {
    useDeployment(undefined);
    await started?.stop();
  });
  return { runtime: () => started!.runtime };
}
