/** Builds the functions into a folder of their own, with some modules of the product replaced by others. */

import { join, resolve } from 'node:path';
import type { BuildContext, Plugin } from 'esbuild';
import { bundleContext } from '../../../infra/bundle.ts';

export const projectDirectory = resolve(import.meta.dirname, '../../..');

/** A module that takes the place of another one in a build. It may import the original, which then is the real one. */
export interface ModuleReplacement {
  /** Path of the original from the project's root, as in `shared/realtime/fan-out.ts`. */
  module: string;
  /** Path of the replacement from the project's root. Exports the same names, with the same types. */
  by: string;
}

/** Returns a context that builds all functions below `outdir`. Its rebuild rejects when a replacement is not used. */
export function bundlesWith(
  outdir: string,
  replacements: readonly ModuleReplacement[],
): Promise<BuildContext> {
  return bundleContext(
    { outdir },
    { plugins: replacements.length === 0 ? [] : [replaceModules(replacements)] },
  );
}

/**
 * An esbuild plugin that directs every import of an original to its replacement, except those of the replacement
 * itself. The build fails when an original is part of no bundle.
 */
export function replaceModules(replacements: readonly ModuleReplacement[]): Plugin {
  const byOriginal = new Map(
    replacements.map(({ module, by }) => [join(projectDirectory, module), join(projectDirectory, by)]),
  );
  return {
    name: 'replace-modules',
    setup(build) {
      const used = new Set<string>();
      build.onResolve({ filter: /\.ts$/ }, ({ path, importer, resolveDir }) => {
        const original = resolve(resolveDir, path);
        const replacement = byOriginal.get(original);
        if (replacement === undefined || importer === replacement) return undefined;
        used.add(original);
        return { path: replacement };
      });
      build.onEnd(() => ({
        errors: replacements
          .filter(({ module }) => !used.has(join(projectDirectory, module)))
          .map(({ module }) => ({ text: `A module to replace is part of no bundle: ${module}` })),
      }));
    },
  };
}

/** Returns the replacements of both; for a module that both replace, the one of `first`. */
export function mergeReplacements(
  first: readonly ModuleReplacement[],
  second: readonly ModuleReplacement[],
): ModuleReplacement[] {
  const taken = new Set(first.map(({ module }) => module));
  return [...first, ...second.filter(({ module }) => !taken.has(module))];
}
