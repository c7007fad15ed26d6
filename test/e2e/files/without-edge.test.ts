/** The same where there is no edge: the API answers the addresses of files with addresses of the bucket. */
import { afterAll, beforeAll } from 'vitest';
import { useDeployment } from '../../kit/deployment.ts';
import { startTestRuntime, type TestRuntime } from '../../kit/runtime.ts';
import { describeServedFiles } from './suite.ts';

let started: TestRuntime | undefined;
beforeAll(async () => {
  started = await startTestRuntime({ settings: { EDGE_DISTRIBUTION: 'false' } });
  useDeployment(started.runtime.url);
});
afterAll(async () => {
  useDeployment(undefined);
  await started?.stop();
});

describeServedFiles();
