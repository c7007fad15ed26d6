/**
 * Builds the CDK app over bundles in a folder of their own, so that a test is not affected by edits, by other builds,
 * or by the broken builds of other tests.
 */

import type { App } from 'aws-cdk-lib/core';
import { buildApp as buildChatApp, type AppOptions } from '../../infra/app.ts';

/** The environment variable that names the folder of the bundles. */
export const bundlesVariable = 'TEST_BUNDLES';

/** The environment variable that names the folder in which the page is built; without it there is no page. */
export const pageVariable = 'TEST_PAGE';

/** Called by the local runtime. */
export function buildApp({ environment, ...options }: AppOptions & { environment: NodeJS.ProcessEnv }): App {
  const pageBuiltIn = environment[pageVariable];
  return buildChatApp({
    ...options,
    environment: pageBuiltIn === undefined ? { ...environment, WEB_PAGE: 'false' } : environment,
    fast: true,
    code: { builtIn: environment[bundlesVariable], pageBuiltIn },
  });
}
