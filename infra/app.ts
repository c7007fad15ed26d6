/** Builds the CDK app for one stage. */
import { createRequire } from 'node:module';
import type * as CdkNag from 'cdk-nag';
import { App, Validations } from 'aws-cdk-lib/core';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleDirectory, bundleFunctionsSync } from './bundle.ts';
import { appContext } from './context.ts';
import type { FunctionName } from './functions.ts';
import { ChatStack } from './stack.ts';
import { stageSettings } from './stages.ts';

export interface AppOptions {
  /** When absent the context's (`-c stage=prod`), or else `dev`. */
  stage?: string;
  /** Folder of the cloud assembly; the CDK's own choice when absent. */
  outdir?: string;
  /** Leaves out the validations, and leaves the bundles where they are: for the local runtime and tests. */
  fast?: boolean;
  /** Variables that replace defaults of the settings; none when absent. */
  environment?: NodeJS.ProcessEnv;
  /**
   * `bundle` builds the functions first (when absent), `built` takes what was built before, and
   * `none` puts an empty function in place of each, for tests of the template.
   */
  code?: 'bundle' | 'built' | 'none';
}

// Loaded only when used: cdk-nag pulls in all of aws-cdk-lib, which takes a second.
const require = createRequire(import.meta.url);

function addNagChecks(app: App): void {
  const { AwsSolutionsChecks }: typeof CdkNag = require('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

/** The app, not yet synthesized. Throws for an unknown stage, an invalid setting, a function that does not build. */
export function buildApp({
  stage,
  outdir,
  fast = false,
  environment = {},
  code = 'bundle',
}: AppOptions): App {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: !fast,
    context: { ...appContext, ...(fast && { 'aws:cdk:disable-asset-staging': true }) },
  });
  const name = stage ?? String(app.node.tryGetContext('stage') ?? 'dev');
  const settings = stageSettings(name, environment);

  if (code === 'bundle') bundleFunctionsSync();
  const codeOf = (functionName: FunctionName): Code =>
    code === 'none'
      ? Code.fromInline('exports.handler = async () => {};')
      : Code.fromAsset(bundleDirectory(functionName));
  new ChatStack(app, `ServerlessChat-${name}`, { stage: name, settings, codeOf });
  if (!fast) addNagChecks(app);
  return app;
}
