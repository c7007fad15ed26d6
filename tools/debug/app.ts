/**
 * The CDK app of a debugging session: the stack of `infra/` over bundles with source maps, and with the longest timeout
 * that Lambda has for every function, so that a function is not ended while it is paused at a breakpoint.
 */
import { join, resolve } from 'node:path';
import type { App } from 'aws-cdk-lib/core';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { buildApp as buildChatApp, type AppOptions } from '../../infra/app.ts';
import { bundleContext } from '../../infra/bundle.ts';
import { pageContext } from '../../infra/page/bundle-page.ts';
import { bundlesOf, type AppSource } from '../../local/template/app-source.ts';

/** The maximum of Lambda. */
export const debugTimeoutSeconds = 900;

const projectDirectory = resolve(import.meta.dirname, '../..');

/** Not `build/functions`, which `cdk deploy` uploads: these bundles are larger and slower to load. */
const buildDirectory = join(projectDirectory, 'build/debug');

/** What the local runtime runs in place of the project's own app. */
export const debugApp: AppSource = {
  appModule: new URL(import.meta.url),
  async openBundles() {
    const target = { outdir: buildDirectory };
    const functions = await bundleContext(target, { minify: false, sourcemap: 'linked' });
    return bundlesOf({ functions, page: await pageContext(buildDirectory) }, projectDirectory);
  },
};

/** Builds the app with the options that the local runtime passes; the bundles must exist. */
export function buildApp(options: AppOptions): App {
  const app = buildChatApp({ ...options, fast: true, code: { builtIn: buildDirectory } });
  for (const construct of app.node.findAll()) {
    if (construct instanceof CfnFunction) construct.timeout = debugTimeoutSeconds;
  }
  return app;
}
