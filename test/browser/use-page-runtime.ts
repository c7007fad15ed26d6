/** A local runtime that serves the page, for the browser tests of one file. */
import { afterAll, beforeAll } from 'vitest';
import { useDeployment } from '../kit/deployment.ts';
import { startTestRuntime, type TestRuntime, type TestRuntimeOptions } from '../kit/runtime.ts';
import { chromium } from './use-browser.ts';

/** Starts it before the tests of the file, unless there is no browser; makes it the deployment of all helpers; stops it. */
export function usePageRuntime(options: TestRuntimeOptions = {}): () => TestRuntime['runtime'] {
  let started: TestRuntime | undefined;
  beforeAll(async () => {
    if (chromium === undefined) return;
    started = await startTestRuntime({ hasPage: true, ...options });
    useDeployment(started.runtime.url);
  });
  afterAll(async () => {
    useDeployment(undefined);
    await started?.stop();
  });
  return () => started!.runtime;
}
