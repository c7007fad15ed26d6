/** The CDK app for one deployment stage. */
import { createRequire } from 'node:module';
import type * as CdkNag from 'cdk-nag';
import { App, Validations } from 'aws-cdk-lib/core';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleDirectory, bundleFunctionsSync, pageDirectory } from './bundle.ts';
import { appContext } from './context.ts';
import type { FunctionName } from './functions.ts';
import { ChatStack } from './stack.ts';
import { deploymentEnvironment } from './operator-settings.ts';
import { assertComplete } from './required-settings.ts';
import { firstDeploymentContext } from './retention.ts';
import { bundlePageSync } from './page/bundle-page.ts';
import { pageCode, type PageCode } from './page/page-code.ts';
import { stackNameOf, stageNamed, stageSettings } from './stages.ts';

export interface AppOptions {
  /** When absent, the stage of the CDK context (`-c stage=prod`), or else `dev`. */
  stage?: string;
  /** The folder of the cloud assembly; chosen by the CDK when absent. */
  outdir?: string;
  /** Skips the validations and does not copy the bundles, for the local runtime and tests. */
  fast?: boolean;
  /** Values of the CDK context, as `-c` sets them. */
  context?: Record<string, string>;
  /** Variables that replace defaults of the settings; none when absent. */
  environment?: NodeJS.ProcessEnv;
  /** The folder of the operator's settings, which the environment replaces; not read when absent. */
  operatorDirectory?: string;
  /**
   * `bundle`, the default, builds the functions and the page first. `built` uses those of an earlier build, and `builtIn`
   * those below other folders than `build`. `none` uses an empty function for each and an empty page, for tests of the
   * template.
   */
  code?: 'bundle' | 'built' | 'none' | { builtIn: string | undefined; pageBuiltIn?: string | undefined };
}

const emptyFunction = Code.fromInline('exports.handler = async () => {};');

// Loads cdk-nag only when it is used: it imports all of aws-cdk-lib, which takes a second.
const require = createRequire(import.meta.url);

function addNagChecks(app: App): void {
  const { AwsSolutionsChecks, ServerlessChecks }: typeof CdkNag = require('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}

/**
 * Returns the app, not yet synthesized.
 * @throws InvalidStageError for an unknown stage, or settings that are missing
 * @throws InvalidEnvironmentError for invalid settings
 * @throws Error for a function that does not build
 */
export function buildApp({
  stage,
  outdir,
  fast = false,
  environment = {},
  operatorDirectory,
  context = {},
  code = 'bundle',
}: AppOptions): App {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: !fast,
    context: { ...appContext, ...context, ...(fast && { 'aws:cdk:disable-asset-staging': true }) },
  });
  const name = stage ?? String(app.node.tryGetContext('stage') ?? 'dev');
  const known = stageNamed(name);
  const variables =
    operatorDirectory === undefined
      ? environment
      : deploymentEnvironment(known, environment, operatorDirectory);
  const settings = stageSettings(known, variables);
  // The CDK sets the variable to the region of the credentials; without credentials it is absent.
  assertComplete(known, settings, environment['CDK_DEFAULT_REGION']);

  if (code === 'bundle') {
    bundleFunctionsSync();
    if (settings.hasPage) bundlePageSync();
  }
  const { builtIn, pageBuiltIn = builtIn } = typeof code === 'object' ? code : {};
  const codeOf = (functionName: FunctionName): Code =>
    code === 'none' ? emptyFunction : Code.fromAsset(bundleDirectory(functionName, builtIn));
  const codeOfPage = (): PageCode =>
    code === 'none' ? { code: emptyFunction, digest: '' } : pageCode(pageDirectory(pageBuiltIn));
  new ChatStack(app, stackNameOf(name), {
    stage: name,
    settings,
    codeOf,
    pageCode: codeOfPage,
    isFirstDeployment: String(app.node.tryGetContext(firstDeploymentContext)) === 'true',
  });
  if (!fast) addNagChecks(app);
  return app;
}
