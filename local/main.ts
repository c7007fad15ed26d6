/** `npm start`: reads the command line and runs until a signal arrives. A failed start prints one line. */

import { banner } from './banner.ts';
import { readCommandLine, usage } from './command-line.ts';
import { createLog } from './log.ts';
import { addSampleData, createCommunity } from './sample-data.ts';
import { startLocal } from './start.ts';
import { StartFailure } from './start-failure.ts';

/** Stopping takes longer only when a part hangs; the process then exits anyway. */
const maxStopMs = 10_000;

// As on Lambda.
process.env['TZ'] = 'UTC';
// Sample data is stored with the SDK, which would print a warning on the oldest Node that this project supports.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

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
  seed,
  sample,
  verbose,
  port,
  faults,
  scale,
  dataDirectory,
}: ReturnType<typeof readCommandLine>): Promise<void> {
  const log = createLog(verbose ? 'verbose' : 'normal');
  // Handlers are set before the start, so that a signal during the start stops the parts that run by then.
  const stopping = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    // The parent process has exited.
    process.on('disconnect', () => resolve());
  });
  const starting = startLocal({
    port,
    fresh,
    watch: true,
    log,
    faults,
    limits: { scale },
    ...(dataDirectory !== undefined && { dataDirectory }),
  });
  void stopping.then(() => setTimeout(() => process.exit(1), maxStopMs));

  const runtime = await starting;
  try {
    const sampleData = sample
      ? await createCommunity(runtime)
      : seed
        ? await addSampleData(runtime.url)
        : undefined;
    log.debug(`Time until each part was ready, in ms: ${JSON.stringify(runtime.timings)}`);
    const hasPage = runtime.stack.edge.some(({ origin }) => origin === 'bucket');
    const { url, webSocketUrl } = runtime;
    log.info(`${banner({ url, webSocketUrl, sampleData, hasPage })}\n`);
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
