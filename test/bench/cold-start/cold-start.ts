/** Measures what a cold start costs: the size of each bundle, its largest parts, and the time to load it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleContext, bundleDirectory, bundleFunctions } from '../../../infra/bundle.ts';
import { functionNames } from '../../../infra/functions.ts';
import { projectDirectory } from '../../chaos/harness/replaced-modules.ts';
import type { BenchContext } from '../section.ts';
import { median, rounded } from '../statistics.ts';
import { sharesOf, type OutputMeta } from './bundle-shares.ts';
import { loadMilliseconds } from './load-time.ts';

/** An empty file; the plain package, which the bound refers to; and the package as the functions bundle it. */
const baselines = ['empty', 'lib-dynamodb', 'lib-dynamodb-trimmed'];
const rounds = 15;
const sharesShown = 5;

export async function measureColdStart({ report, progress }: BenchContext): Promise<void> {
  const outdir = mkdtempSync(join(tmpdir(), 'chat-bench-'));
  try {
    progress('bundling');
    const { outputs } = await bundleFunctions({ outdir });
    await bundleBaselines(outdir);
    const milliseconds = timeLoading(outdir, progress);

    const alone = milliseconds['lib-dynamodb']!;
    report.heading(
      `Cold start: minified bundles, and loading them in a fresh process (medians of ${rounds})`,
    );
    report.table(
      ['function', 'KB', 'load ms', '× lib-dynamodb', 'largest shares, KB'],
      [
        ...functionNames.map((name) => {
          const output = outputOf(outputs, name, outdir);
          return [
            name,
            kilobytes(output.bytes),
            milliseconds[name],
            rounded(milliseconds[name]! / alone, 2),
            describeShares(output),
          ];
        }),
        ...baselines.map((name) => [`(${name} alone)`, undefined, milliseconds[name], undefined, '']),
      ],
    );
    for (const name of functionNames) {
      report.figure(`cold_start.${name}.bundle_kilobytes`, kilobytes(outputOf(outputs, name, outdir).bytes));
      report.figure(`cold_start.${name}.import_ms`, milliseconds[name]);
      report.figure(`cold_start.${name}.import_over_lib_dynamodb`, rounded(milliseconds[name]! / alone, 2));
    }
    report.figure('cold_start.lib_dynamodb.import_ms', alone);
    report.figure('cold_start.lib_dynamodb_trimmed.import_ms', milliseconds['lib-dynamodb-trimmed']);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

async function bundleBaselines(outdir: string): Promise<void> {
  const sourceDirectory = join(import.meta.dirname, 'baselines');
  await bundleFunctions({ outdir, names: ['empty', 'lib-dynamodb-trimmed'], sourceDirectory });
  const plain = await bundleContext({ outdir, names: ['lib-dynamodb'], sourceDirectory }, { alias: {} });
  try {
    await plain.rebuild();
  } finally {
    await plain.dispose();
  }
}

/** Returns medians by name. Each round loads every bundle once, so that a slow machine affects all of them. */
function timeLoading(outdir: string, progress: (text: string) => void): Record<string, number> {
  const names = [...functionNames, ...baselines];
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    progress(`loading all bundles, ${round + 1} of ${rounds}`);
    for (const name of names) times.get(name)!.push(loadMilliseconds(name, outdir));
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, rounded(median(all), 1)]));
}

/** The metafile names outputs by their path from the project's folder. */
function outputOf(outputs: Record<string, OutputMeta>, name: string, outdir: string): OutputMeta {
  const file = join(bundleDirectory(name, outdir), 'index.js');
  const found = Object.entries(outputs).find(([path]) => join(projectDirectory, path) === file);
  if (found === undefined) throw new Error(`There is no bundle of ${name}`);
  return found[1];
}

const kilobytes = (bytes: number): number => rounded(bytes / 1_000, 1);

function describeShares(output: OutputMeta): string {
  return sharesOf(output)
    .slice(0, sharesShown)
    .map(({ name, bytes }) => `${name} ${Math.round(bytes / 1_000)}`)
    .join(', ');
}
