import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brokenBuilds } from '../mutants/builds.ts';
import { brokenForThoseWhoComeAndGo } from '../mutants/coming-and-going.ts';
import { projectDirectory, type SourcePatch } from './harness/patched-bundles.ts';
import { quickBuild } from './harness/quick-build.ts';
import { scenarios } from './scenarios.ts';

const builds: [string, readonly SourcePatch[]][] = [
  ['the quick build', quickBuild],
  ...scenarios.flatMap(({ name, patches = [] }): [string, readonly SourcePatch[]][] =>
    patches.length === 0 ? [] : [[name, patches]],
  ),
  ...[...brokenBuilds, ...brokenForThoseWhoComeAndGo].map(
    ({ whose, patches }): [string, readonly SourcePatch[]] => [`a build whose ${whose}`, patches],
  ),
];

describe('the patches of', () => {
  it.each(builds)('%s fit the sources as they are', (_, patches) => {
    for (const { file, find } of patches) {
      const places = readFileSync(join(projectDirectory, file), 'utf8').split(find).length - 1;
      expect({ file, find, places }).toEqual({ file, find, places: 1 });
    }
  });
});
