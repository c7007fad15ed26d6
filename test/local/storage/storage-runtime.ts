/** Runs the app with a bucket for the tests of one file, and sends requests to its bucket and its function. */

import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { context } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import type { LocalRuntime } from '../../../local/start.ts';
import { appOverBuild } from '../../kit/builds.ts';
import { startTestRuntime, type TestRuntime, type TestRuntimeOptions } from '../../kit/runtime.ts';

export type Json = any;

const functions = join(import.meta.dirname, 'fixture/functions');
const { app, environment } = appOverBuild(
  {
    name: functions,
    open: (outdir) =>
      context({
        absWorkingDir: functions,
        entryPoints: ['files', 'listener'].map((name) => ({
          in: join(functions, `${name}.ts`),
          out: join(name, 'index'),
        })),
        outdir,
        bundle: true,
        minify: true,
        platform: 'node',
        target: 'node20',
        format: 'cjs',
        mainFields: ['module', 'main'],
        metafile: true,
        logLevel: 'silent',
      }),
  },
  { appModule: new URL('fixture/app.ts', import.meta.url), variable: 'FIXTURE_BUNDLES' },
);

export const bucketPath = '/_aws/s3/files';

/** Starts a runtime before the first test and stops it after the last. */
export function useStorage(options: TestRuntimeOptions = {}) {
  let started: TestRuntime | undefined;
  let runtime: LocalRuntime;
  let client: S3Client;
  beforeAll(async () => {
    started = await startTestRuntime({ app, baseSettings: {}, settings: environment, ...options });
    ({ runtime } = started);
    client = new S3Client({
      region: 'us-east-1',
      endpoint: `${runtime.url}/_aws/s3`,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
  });
  afterAll(async () => {
    client?.destroy();
    await started?.stop();
  });

  /** Makes the fixture's function perform an operation. */
  async function call(name: string, input: object = {}): Promise<Json> {
    const response = await fetch(`${runtime.url}/api/${name}`, {
      method: 'POST',
      body: JSON.stringify(input),
    });
    return response.json();
  }

  /** Sends a request to a path below the bucket. */
  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${runtime.url}${bucketPath}${path}`, init);

  return {
    call,
    request,
    /** The SDK's client with an operator's credentials. */
    client: () => client,
    runtime: () => runtime,
    Bucket: 'files',
    put: (key: string, body: string, details = {}) => runtime.buckets.put('files', key, body, details),
    stored: (key: string) => runtime.buckets.get('files', key),
  };
}
