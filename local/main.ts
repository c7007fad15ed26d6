/** `npm start`: reads the command line, runs everything until a signal comes, and says in one line what went wrong. */

import { banner } from './banner.ts';
import { readCommandLine, usage } from './command-line.ts';
import { createLog } from './log.ts';
import { addSampleData } from './sample-data.ts';
import { startLocal } from './start.ts';
import { StartFailure } from './start-failure.ts';

/** Stopping takes longer than this only when something hangs. */
const maxStopMs = 10_000;

// Lambda's clocks show UTC.
process.env['TZ'] = 'UTC';

try {
  const commandLine = readCommandLine(process.argv.slice(2), process.env);
  if (commandLine.help) process.stdout.write(usage);
  else await serve(commandLine);
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
}

async function serve({
  fresh,
  seed: hasSampleData,
  verbose,
  port,
  faults,
  scale,
}: ReturnType<typeof readCommandLine>): Promise<void> {
  const log = createLog(verbose ? 'verbose' : 'normal');
  // Before anything is started, so that a signal during the start ends what is there by then.
  const stopping = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    // The process that started this one is gone.
    process.on('disconnect', () => resolve());
  });
  const starting = startLocal({ port, fresh, watch: true, log, faults, limits: { scale } });
  void stopping.then(() => setTimeout(() => process.exit(1), maxStopMs));

  const runtime = await starting;
  try {
    if (hasSampleData) await addSampleData(runtime.url);
    log.debug(`milliseconds: ${JSON.stringify(runtime.timings)}`);
    log.info(`${banner({ url: runtime.url, webSocketUrl: runtime.webSocketUrl, hasSampleData })}\n`);
    log.info(`ready ${runtime.url}`);
    const reason = await Promise.race([stopping, runtime.failed]);
    if (reason !== undefined) throw new StartFailure(reason);
  } finally {
    await runtime.stop();
  }
  process.exit(0);
}

function describe(error: unknown): string {
  if (error instanceof StartFailure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
