/**
 * Starts the local runtime as `npm start` does, on data and bundles of its own. Ends with its standard input or a
 * signal.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../../local/log.ts';
import { startLocal } from '../../../local/start.ts';
import { bundlesOf } from '../../../local/template/app-source.ts';
import { bundlesVariable } from '../../kit/app.ts';
import { bundlesWith, projectDirectory } from '../../chaos/harness/replaced-modules.ts';

process.env['TZ'] = 'UTC';

const stopping = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  process.stdin.on('end', () => resolve()).resume();
});
const directory = await mkdtemp(join(tmpdir(), 'chat-bench-'));
try {
  const outdir = join(directory, 'bundles');
  const runtime = await startLocal({
    port: 0,
    dataDirectory: join(directory, 'data'),
    fresh: true,
    log: createLog('normal'),
    environment: { ...process.env, [bundlesVariable]: outdir },
    app: {
      appModule: new URL('../../kit/app.ts', import.meta.url),
      openBundles: async () => bundlesOf({ functions: await bundlesWith(outdir, []) }, projectDirectory),
    },
  });
  process.stdout.write(`ready ${runtime.url}\n`);
  await stopping;
  await runtime.stop();
} finally {
  await rm(directory, { recursive: true, force: true });
}
process.exit(0);
