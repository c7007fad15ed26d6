import { describe, expect, it } from 'vitest';
import { isShown } from '../harness/scenario.ts';
import { filesModel, runFilesModel } from '../scenarios/files-model.ts';
import { filesDefects } from './files-defects.ts';

describe('the model of files', { timeout: 120_000 }, () => {
  it.each(filesDefects)('finds a product that $defect', async ({ replacement, shownBy }) => {
    const counts = await runFilesModel(1, filesModel.sizes.short, [replacement]);
    expect(shownBy.filter((count) => isShown(counts, count))).toEqual(shownBy);
  });
});
