/**
 * `npm run bench`: measures what the system costs, in counts wherever that is possible. It prints each figure beside
 * its bound and never fails on one; exit code 1 only when something could not be measured at all.
 */

import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { readCommandLine, usage, type CommandLine, type SectionName } from './command-line.ts';
import { measureColdStart } from './cold-start/cold-start.ts';
import { measureConversation } from './conversation/conversation.ts';
import { measureOperations } from './operations/operations.ts';
import { measureFanOut } from './fan-out/fan-out.ts';
import { measurePrice } from './price/price-section.ts';
import { createReport } from './report.ts';
import type { Section } from './section.ts';

const sections: Record<SectionName, Section> = {
  conversation: measureConversation,
  operations: measureOperations,
  'cold-start': measureColdStart,
  fanOut: measureFanOut,
  price: measurePrice,
};

/** All of it ends within ten minutes: what has not begun by then would not. */
const latestStartMs = 8 * 60_000;

// Of the SDK, which the bench uses itself here and there.
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

/** A load average well above nothing means that others share the machine, and that times are theirs as well. */
function describeMachine(): string {
  const load = loadavg()[0]!.toFixed(1);
  return `Node ${process.versions.node}, ${availableParallelism()} cores, load average before the start ${load}`;
}

/** Whether all of them could be measured. */
async function runSections(options: CommandLine): Promise<boolean> {
  const startedAt = Date.now();
  const report = createReport((line) => void process.stdout.write(`${line}\n`));
  const progress = (text: string): void => void process.stderr.write(`· ${text}\n`);
  report.line(describeMachine());
  let complete = true;
  for (const name of options.only) {
    if (Date.now() - startedAt > latestStartMs) {
      complete = false;
      report.line(`${name} was left out: the time is over`);
      continue;
    }
    try {
      await sections[name]({ report, options, progress });
    } catch (error) {
      complete = false;
      process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`);
    }
  }
  report.judge();
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(report.figures(), undefined, 2)}\n`);
  progress(`${((Date.now() - startedAt) / 1_000).toFixed(0)} s in all`);
  return complete;
}
