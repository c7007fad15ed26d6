import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workLeftBehind } from '../local/faults/work-left-behind.ts';
import { connectionMutants } from '../mutants/connection-mutants.ts';
import { filesMutants } from '../mutants/files-mutants.ts';
import { logMutants } from '../mutants/log-mutants.ts';
import { filesDefects } from './files-model/files-defects.ts';
import { quickBuild } from './harness/quick-build.ts';
import { projectDirectory, type ModuleReplacement } from './harness/replaced-modules.ts';
import { modelDefects, modelRegressions } from './model/defects.ts';
import { scenarios } from './scenarios.ts';

const replacements: readonly ModuleReplacement[] = [
  ...quickBuild,
  ...scenarios.flatMap(({ replacements = [] }) => replacements),
  ...[...logMutants, ...connectionMutants, ...filesMutants, ...filesDefects].map(
    ({ replacement }) => replacement,
  ),
  workLeftBehind,
  ...modelDefects.map(({ replacement }) => replacement),
  ...modelRegressions.map(({ replacement }) => replacement),
];

const exportsOf = async (path: string): Promise<string[]> =>
  Object.keys((await import(pathToFileURL(join(projectDirectory, path)).href)) as object).sort();

describe('the replacements of modules', () => {
  it.each(replacements)('export the names that $module exports: $by', async ({ module, by }) => {
    expect(await exportsOf(by)).toEqual(await exportsOf(module));
  });

  it('include every module of test/mutants/modules', () => {
    const used = new Set(replacements.map(({ by }) => by));
    const modules = readdirSync(join(projectDirectory, 'test/mutants/modules'));
    expect(modules.map((name) => `test/mutants/modules/${name}`).filter((path) => !used.has(path))).toEqual(
      [],
    );
  });
});
