/**
 * `npm run bench`: measures what the system costs, in counts where possible. Prints each figure beside its bound. The
 * exit code is 1 when a section could not be measured, and not when a bound is exceeded.
 */

import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { readCommandLine, usage, type CommandLine, type SectionName } from './command-line.ts';
import { measureColdStart } from './cold-start/cold-start.ts';
import { measureConversation } from './conversation/conversation.ts';
import { measureOperations } from './operations/operations.ts';
import { measureFanOut } from './fan-out/fan-out.ts';
import { measurePrice } from './price/price-section.ts';
import { measureInbox } from './inbox/inbox.ts';
import { measurePurge } from './purge/purge.ts';
import { measureSearching } from './search/search.ts';
import { createReport } from './report.ts';
import type { Section } from './section.ts';

const sections: Record<SectionName, Section> = {
  conversation: measureConversation,
  operations: measureOperations,
  'cold-start': measureColdStart,
  'fan-out': measureFanOut,
  inbox: measureInbox,
  purge: measurePurge,
  search: measureSearching,
  price: measurePrice,
};

/** The bench takes at most ten minutes, so no section begins after this. */
const latestStartMs = 8 * 60_000;

// The bench uses the SDK itself.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const options = readOptions();
if (options === undefined) process.exitCode = 2;
else process.exitCode = (await runSections(options)) ? 0 : 1;

function readOptions(): CommandLine | undefined {
  try {
    return readCommandLine(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return undefined;
  }
}

/** A high load average means that other processes share the machine, and affect the measured times. */
function describeMachine(): string {
  const load = loadavg()[0]!.toFixed(1);
  return `Node ${process.versions.node}, ${availableParallelism()} cores, load average before the start ${load}`;
}

/** Returns whether all sections could be measured. */
async function runSections(options: CommandLine): Promise<boolean> {
  const startedAtMs = Date.now();
  const report = createReport((line) => void process.stdout.write(`${line}\n`));
  const progress = (text: string): void => void process.stderr.write(`· ${text}\n`);
  report.line(describeMachine());
  let complete = true;
  for (const name of options.only) {
    if (Date.now() - startedAtMs > latestStartMs) {
      complete = false;
      report.line(`${name} was skipped: the time limit is reached`);
      continue;
    }
    try {
      await sections[name]({ report, options, progress });
    } catch (error) {
      complete = false;
      process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`);
    }
  }
  report.printBounds();
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(report.figures(), undefined, 2)}\n`);
  progress(`${((Date.now() - startedAtMs) / 1_000).toFixed(0)} s in all`);
  return complete;
}
