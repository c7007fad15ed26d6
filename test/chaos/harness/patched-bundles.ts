/** Builds the functions into a folder of their own, with pieces of their sources replaced while they are bundled. */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BuildContext, Loader, Plugin } from 'esbuild';
import { bundleContext } from '../../../infra/bundle.ts';

export const projectDirectory = resolve(import.meta.dirname, '../../..');

/** A deliberate fault of a build. */
export interface SourcePatch {
  /** Path in the project, as in `shared/realtime/fan-out.ts`. */
  file: string;
  /** Must be found exactly once in the file, or the build fails. */
  find: string;
  replace: string;
}

/** A context that builds all functions below `outdir`; its rebuild rejects when a patch does not fit. */
export function patchedBundles(outdir: string, patches: readonly SourcePatch[]): Promise<BuildContext> {
  return bundleContext({ outdir }, { plugins: patches.length === 0 ? [] : [replacing(patches)] });
}

/** An esbuild plugin that applies the patches; the build fails when one does not fit. */
export function replacing(patches: readonly SourcePatch[]): Plugin {
  const files = new Set(patches.map(({ file }) => resolve(projectDirectory, file)));
  return {
    name: 'patches',
    setup(build) {
      const used = new Set<SourcePatch>();
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!files.has(path)) return undefined;
        let contents = await readFile(path, 'utf8');
        for (const patch of patches) {
          if (resolve(projectDirectory, patch.file) !== path) continue;
          const [before, after, ...more] = contents.split(patch.find);
          if (before === undefined || after === undefined || more.length > 0)
            return { errors: [{ text: `a patch must fit ${patch.file} exactly once: ${patch.find}` }] };
          contents = before + patch.replace + after;
          used.add(patch);
        }
        return { contents, loader: 'ts' satisfies Loader };
      });
      build.onEnd(() => {
        const unused = patches.filter((patch) => !used.has(patch));
        return { errors: unused.map(({ file }) => ({ text: `a patch was not used: ${file}` })) };
      });
    },
  };
}
