/** Bundles the model with the code that it runs, so that modules can be replaced as in the functions' bundles. */
import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectDirectory, replaceModules, type ModuleReplacement } from '../harness/replaced-modules.ts';
import type { runScenario } from './scenario.ts';

export async function loadRunScenario(
  replacements: readonly ModuleReplacement[] = [],
): Promise<typeof runScenario> {
  const directory = await mkdtemp(join(tmpdir(), 'chat-model-'));
  const outfile = join(directory, 'scenario.cjs');
  try {
    await build({
      absWorkingDir: projectDirectory,
      entryPoints: [join(import.meta.dirname, 'scenario.ts')],
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
    const loaded = createRequire(import.meta.url)(outfile) as { runScenario: typeof runScenario };
    return loaded.runScenario;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
