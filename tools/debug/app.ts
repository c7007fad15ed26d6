/**
 * The CDK app of a debugging session: the stack of `infra/` over bundles with source maps, and with the longest timeout
 * that Lambda has for every function, so that a function is not ended while it is paused at a breakpoint.
 */
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { CfnFunction, Code } from 'aws-cdk-lib/aws-lambda';
import { bundleContext, bundleDirectory } from '../../infra/bundle.ts';
import { appContext } from '../../infra/context.ts';
import { ChatStack } from '../../infra/stack.ts';
import { stageSettings } from '../../infra/stages.ts';
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
    return bundlesOf(await bundleContext(target, { minify: false, sourcemap: 'linked' }), projectDirectory);
  },
};

interface AppOptions {
  stage: string;
  outdir: string;
  environment: NodeJS.ProcessEnv;
}

/** Builds the app with the options that the local runtime passes; the bundles must exist. */
export function buildApp({ stage, outdir, environment }: AppOptions): App {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: false,
    context: { ...appContext, 'aws:cdk:disable-asset-staging': true },
  });
  const stack = new ChatStack(app, `ServerlessChat-${stage}`, {
    stage,
    settings: stageSettings(stage, environment),
    codeOf: (name) => Code.fromAsset(bundleDirectory(name, buildDirectory)),
  });
  for (const construct of stack.node.findAll()) {
    if (construct instanceof CfnFunction) construct.timeout = debugTimeoutSeconds;
  }
  return app;
}
