/** Measures how long a fresh process takes to load a bundle. */

import { spawnSync } from 'node:child_process';
import { bundleDirectory } from '../../../infra/bundle.ts';
import { environmentFor, type EnvironmentSources } from '../../../infra/environment.ts';
import { functionNames } from '../../../infra/functions.ts';
import { stageSettings } from '../../../infra/stages.ts';
import { stackValues } from '../../../shared/settings/stack-values.ts';

/** Only a text that is not empty is needed: nothing is sent while a bundle is loaded. */
const sources: EnvironmentSources = {
  stage: 'local',
  settings: stageSettings('local'),
  stackValues: {
    tableName: 'bench',
    signingKeySecretId: 'bench',
    passwordPepperSecretId: 'bench',
    edgeKeySecretId: 'bench',
    contentHashKeySecretId: 'bench',
    canaryKeySecretId: 'bench',
    tokenIssuer: 'bench',
    tokenAudience: 'bench',
    connectionsUrl: 'http://127.0.0.1:9/local',
    filesBucketName: 'bench',
    filesKeySecretId: 'bench',
    filesUrl: 'http://127.0.0.1:9',
  },
};

/** The variables of all functions together, which serve the baselines too. */
const environment: Record<string, string> = {
  ...(Object.assign({}, ...functionNames.map((name) => environmentFor(name, sources))) as object),
  [stackValues.fanOutFunctionName.variable]: 'fanOut',
  [stackValues.chatUrl.variable]: 'http://127.0.0.1:9',
  [stackValues.chatWebSocketUrl.variable]: 'ws://127.0.0.1:9/ws',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Loads the bundle and exits at once, whatever clients it has created. */
const script = `
const before = performance.now();
require(process.argv[1]);
process.stdout.write(String(performance.now() - before));
process.exit(0);
`;

/** Returns the milliseconds of `require` alone. Throws with the output of the process when the bundle does not load. */
export function loadMilliseconds(name: string, outdir: string): number {
  const file = `${bundleDirectory(name, outdir)}/index.js`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script, file], {
    encoding: 'utf8',
    env: environment,
  });
  if (status !== 0) throw new Error(`${name} does not load: ${stderr}`);
  return Number(stdout);
}
