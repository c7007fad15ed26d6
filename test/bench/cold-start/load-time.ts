/** How long a fresh process takes to load a bundle. */

import { spawnSync } from 'node:child_process';
import { bundleDirectory } from '../../../infra/bundle.ts';
import { environmentValues } from '../../../infra/environment.ts';
import { stageSettings } from '../../../infra/stages.ts';

/** Every variable that any function reads, since each checks its own while it is loaded. */
const environment = {
  ...environmentValues({
    stage: 'local',
    settings: stageSettings('local'),
    tableName: 'bench',
    signingKeyArn: 'bench',
    passwordPepperArn: 'bench',
    connectionsUrl: 'http://127.0.0.1:9/local',
  } as Parameters<typeof environmentValues>[0]),
  STAGE: 'local',
  FAN_OUT_FUNCTION_NAME: 'fanOut',
  EDGE_KEY_SECRET_ID: 'bench',
  CONTENT_HASH_KEY_SECRET_ID: 'bench',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  POWERTOOLS_SERVICE_NAME: 'bench',
};

/** Loads it and leaves at once: clients that are made keep nothing waiting. */
const script = `
const before = performance.now();
require(process.argv[1]);
process.stdout.write(String(performance.now() - before));
process.exit(0);
`;

/** Milliseconds of `require` alone; throws with what the process said when it does not load. */
export function loadMilliseconds(name: string, outdir: string): number {
  const file = `${bundleDirectory(name, outdir)}/index.js`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script, file], {
    encoding: 'utf8',
    env: environment,
  });
  if (status !== 0) throw new Error(`${name} does not load: ${stderr}`);
  return Number(stdout);
}
