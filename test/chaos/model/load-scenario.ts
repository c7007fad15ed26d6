/** Bundles the model with the code that it runs, so that modules can be replaced as in the functions' bundles. */
import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectDirectory, replaceModules, type ModuleReplacement } from '../harness/replaced-modules.ts';
import type { runScenario } from './scenario.ts';

export const loadRunScenario = async (
  replacements: readonly ModuleReplacement[] = [],
): Promise<typeof runScenario> =>
  (
    await loadModel<{ runScenario: typeof runScenario }>(
      join(import.meta.dirname, 'scenario.ts'),
      replacements,
    )
  ).runScenario;

/** Returns what a model's module exports, once it is bundled. */
export async function loadModel<Exports>(
  entryPoint: string,
  replacements: readonly ModuleReplacement[],
): Promise<Exports> {
  const directory = await mkdtemp(join(tmpdir(), 'chat-model-'));
  const outfile = join(directory, 'scenario.cjs');
  try {
    await build({
      absWorkingDir: projectDirectory,
      entryPoints: [entryPoint],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'silent',
      // Pauses take the model's time.
      define: { setTimeout: 'globalThis.modelTimeout' },
      plugins: replacements.length === 0 ? [] : [replaceModules(replacements)],
    });
    return createRequire(import.meta.url)(outfile) as Exports;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
