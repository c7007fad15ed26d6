/**
 * Runs scenarios at length: `npm run test:long -- [--seeds 1,2,3 | --seeds 1..10] [--size short|middle|full]
 * [--only part-of-a-name]`. Prints one line for each scenario and random seed, and one for all of them. The exit code
 * is 1 when a count that must be zero is not.
 */

import { parseArgs } from 'node:util';
import { quickBuild } from './harness/quick-build.ts';
import { createRunner, type Outcome } from './harness/runner.ts';
import { sizeNames, type Scenario, type SizeName } from './harness/scenario.ts';
import { scenarios } from './scenarios.ts';

const usage =
  'usage: npm run test:long -- [--seeds 1,2,3 | --seeds 1..10] [--size short|middle|full] [--only name]';

interface Options {
  seeds: number[];
  size: SizeName;
  chosen: readonly Scenario<any>[];
}

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readCommandLine();
  if (options === undefined) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  return runAll(options);
}

function readCommandLine(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string', default: '1' },
        size: { type: 'string', default: 'full' },
        only: { type: 'string', default: '' },
      },
    });
    const seeds = readSeeds(values.seeds);
    const size = sizeNames.find((name) => name === values.size);
    const chosen = scenarios.filter(({ name }) => name.includes(values.only));
    if (seeds.length === 0 || size === undefined || chosen.length === 0) return undefined;
    return { seeds, size, chosen };
  } catch {
    // An unknown option.
    return undefined;
  }
}

function readSeeds(text: string): number[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(text);
  if (range === null) return /^\d+(,\d+)*$/.test(text) ? text.split(',').map(Number) : [];
  const [from, to] = [Number(range[1]), Number(range[2])];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

async function runAll({ seeds, size, chosen }: Options): Promise<number> {
  const runner = createRunner();
  const startedAtMs = Date.now();
  const replacements = size === 'short' ? quickBuild : [];
  let failures = 0;
  let runs = 0;
  try {
    for (const scenario of chosen) {
      for (const seed of seeds) {
        runs += 1;
        const outcome = await runner
          .run(scenario, { seed, size, replacements })
          .catch((error: unknown) => error);
        const isKept = !(outcome instanceof Error) && (outcome as Outcome).wrong.length === 0;
        if (!isKept) failures += 1;
        print(`${isKept ? 'kept  ' : 'BROKEN'} ${scenario.name} · seed ${seed} · ${describe(outcome)}`);
      }
    }
  } finally {
    await runner.close();
  }
  const seconds = ((Date.now() - startedAtMs) / 1_000).toFixed(0);
  print(`${runs - failures} of ${runs} runs kept their promise, ${size}, ${seconds} s`);
  return failures === 0 ? 0 : 1;
}

function describe(outcome: unknown): string {
  if (outcome instanceof Error) return `ended by ${outcome.stack ?? outcome.message}`;
  const { counts, wrong, seconds } = outcome as Outcome;
  const done = Object.entries(counts.done).map(([name, count]) => `${name} ${count}`);
  const zero = Object.keys(counts.wrong).filter((name) => !wrong.includes(name));
  const broken = wrong.map((name) => `${name.toUpperCase()} ${counts.wrong[name]}`);
  return [`${seconds.toFixed(1)} s`, done.join(', '), ...broken, `0 ${zero.join(', ')}`].join(' · ');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
