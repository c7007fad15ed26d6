import { describe, expect, it } from 'vitest';
import { countOf, findWrong } from '../harness/scenario.ts';
import { filesModel, runFilesModel } from '../scenarios/files-model.ts';

describe('files', { timeout: 120_000 }, () => {
  it('are kept and removed as promised, whatever overlaps, repeats and is killed', async () => {
    const counts = await runFilesModel(1, filesModel.sizes.short);
    expect(findWrong(counts)).toEqual([]);
    const done = ['shown', 'deleted', 'purges', 'erasures', 'killed', 'refused'];
    expect(done.filter((name) => countOf(counts.done, name) <= 10)).toEqual([]);
  });

  it('take the same course for the same random seed', async () => {
    const size = { runs: 1, steps: 30 };
    const first = await runFilesModel(7, size);
    expect(await runFilesModel(7, size)).toEqual(first);
    expect((await runFilesModel(8, size)).done).not.toEqual(first.done);
  });
});
