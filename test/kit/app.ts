/**
 * Builds the CDK app over bundles in a folder of their own, so that a test is not affected by edits, by other builds,
 * or by the broken builds of other tests.
 */

import type { App } from 'aws-cdk-lib/core';
import { buildApp as buildChatApp, type AppOptions } from '../../infra/app.ts';

/** The environment variable that names the folder of the bundles. */
export const bundlesVariable = 'TEST_BUNDLES';

/** Called by the local runtime. */
export function buildApp({ environment, ...options }: AppOptions & { environment: NodeJS.ProcessEnv }): App {
  return buildChatApp({
    ...options,
    environment,
    fast: true,
    code: { builtIn: environment[bundlesVariable] },
  });
}
