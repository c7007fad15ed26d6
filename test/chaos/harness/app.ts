/**
 * The CDK app over bundles that lie elsewhere: what is tested stays as it was built, whatever is edited, built or
 * deliberately broken at the same time.
 */

import { App } from 'aws-cdk-lib/core';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleDirectory } from '../../../infra/bundle.ts';
import { appContext } from '../../../infra/context.ts';
import { ChatStack } from '../../../infra/stack.ts';
import { stageSettings } from '../../../infra/stages.ts';

/** Names the folder of the bundles to whoever synthesizes. */
export const bundlesVariable = 'FAULTS_BUNDLES';

interface AppOptions {
  stage: string;
  outdir: string;
  environment: NodeJS.ProcessEnv;
}

/** As the local runtime asks for it. */
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
