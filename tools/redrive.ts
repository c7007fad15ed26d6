/** `npm run redrive`: replays the invocations that failed at every attempt, once their cause has been fixed. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { redrive } from './redrive/redrive.ts';
import { openLocal, openStage, type RedriveTarget } from './redrive/target.ts';

/** The text of `--help`. */
export const usage = `Usage: npm run redrive -- --stage STAGE | --local URL [--dry-run]

Replays the invocations that failed at every attempt: stream records in the order of their shard, then the events of
asynchronous invocations. What was handled is deleted from the bucket of failures. Repeating a run does no harm.
The exit code is 0 when nothing failed again, 1 otherwise.

Options:
  --stage STAGE   the deployment stage, in the account and region of the AWS credentials in the environment
  --local URL     instead of a stage, the address of a local runtime, such as http://127.0.0.1:3000
  --dry-run       print what would be replayed, and change nothing
  --help          print this text
`;

const options = {
  stage: { type: 'string' },
  local: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Runs the command and returns its exit code. */
export async function main(flags: readonly string[], print: (line: string) => void): Promise<number> {
  const { stage, local, help, 'dry-run': isDryRun = false } = readFlags(flags);
  if (help === true) {
    print(usage.trimEnd());
    return 0;
  }
  if ((stage === undefined) === (local === undefined))
    throw new Error('Name either a stage with --stage or a local runtime with --local. See --help.');
  const target: RedriveTarget =
    local === undefined ? await openStage(stage ?? '') : await openLocal(local.replace(/\/$/, ''));
  const { done, failed, unreadable } = await redrive({ ...target, isDryRun, print });
  const verb = isDryRun ? 'to replay' : 'replayed';
  print(`${done} ${verb}, ${failed} failed again, ${unreadable} unreadable`);
  return failed + unreadable === 0 ? 0 : 1;
}

function readFlags(flags: readonly string[]) {
  try {
    return parseArgs({ args: [...flags], options }).values;
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new Error(`${sentence}. See --help.`, { cause: error });
  }
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2), print).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
}
