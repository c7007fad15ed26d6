/**
 * Builds the CDK app over bundles in a folder of their own, so that a test is not affected by edits, by other builds,
 * or by the broken builds of other tests.
 */

import { App } from 'aws-cdk-lib/core';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleDirectory } from '../../../infra/bundle.ts';
import { appContext } from '../../../infra/context.ts';
import { ChatStack } from '../../../infra/stack.ts';
import { stageSettings } from '../../../infra/stages.ts';

/** The environment variable that names the folder of the bundles. */
export const bundlesVariable = 'CHAOS_BUNDLES';

interface AppOptions {
  stage: string;
  outdir: string;
  environment: NodeJS.ProcessEnv;
}

/** Called by the local runtime. */
export function buildApp({ stage, outdir, environment }: AppOptions): App {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: false,
    context: { ...appContext, 'aws:cdk:disable-asset-staging': true },
  });
  const { node } = new ChatStack(app, `ServerlessChat-${stage}`, {
    stage,
    settings: stageSettings(stage, environment),
    codeOf: (name) => Code.fromAsset(bundleDirectory(name, environment[bundlesVariable])),
  });
  return node.root as App;
}
