/**
 * Runs random declarations, posts, checks, sends and deletions of files by three users, and the purge of a room and the
 * erasure of an account, over an in-memory table and bucket. Everything interleaves, repeats, and is killed anywhere.
 */
import { join } from 'node:path';
import type { runFiles } from '../files-model/run-files.ts';
import type { ModuleReplacement } from '../harness/replaced-modules.ts';
import { addCounts, type Counts, type Scenario } from '../harness/scenario.ts';
import { loadModel } from '../model/load-scenario.ts';

interface Size {
  runs: number;
  /** Of each run. */
  steps: number;
}

export const filesModel: Scenario<Size> = {
  name: 'files model',
  sizes: {
    short: { runs: 30, steps: 40 },
    middle: { runs: 100, steps: 60 },
    full: { runs: 500, steps: 60 },
  },
  // Random seeds of the scenario that follow each other make different runs.
  run: ({ seed, size }) => runFilesModel((seed - 1) * size.runs + 1, size),
};

/** Makes that many runs, with the given modules replaced. */
export async function runFilesModel(
  firstSeed: number,
  { runs, steps }: Size,
  replacements: readonly ModuleReplacement[] = [],
): Promise<Counts> {
  const model = await loadModel<{ runFiles: typeof runFiles }>(
    join(import.meta.dirname, '../files-model/run-files.ts'),
    replacements,
  );
  const all: Counts[] = [];
  for (let run = 0; run < runs; run += 1) all.push(await model.runFiles(firstSeed + run, steps));
  return addCounts(all);
}
