/**
 * Runs the local runtime for a debugger, on the data of `npm start`: breakpoints in the functions' sources are found by
 * source maps, and neither a function nor the gateway times out while a function is paused.
 */
import { createLog } from '../../local/log.ts';
import { startLocal } from '../../local/start.ts';
import { debugApp, debugTimeoutSeconds } from './app.ts';

// The clocks of Lambda show UTC.
process.env['TZ'] = 'UTC';

const log = createLog('normal');
const stopping = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
});

const runtime = await startLocal({
  app: debugApp,
  port: Number(process.env['PORT'] || 3000),
  watch: true,
  log,
  limits: {
    httpIntegrationSeconds: debugTimeoutSeconds,
    webSocketIntegrationSeconds: debugTimeoutSeconds,
  },
});
log.info(`ready ${runtime.url}`);

const failure = await Promise.race([stopping, runtime.failed]);
if (failure !== undefined) log.error(failure);
await runtime.stop();
process.exit(failure === undefined ? 0 : 1);
