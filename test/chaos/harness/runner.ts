/** Runs scenarios one after the other, on one runtime as long as they need the same settings. */

import { mergeReplacements, type ModuleReplacement } from './replaced-modules.ts';
import { startFaulty, type FaultyRuntime } from './runtime.ts';
import { findWrong, type Counts, type Scenario, type SizeName } from './scenario.ts';

export interface Outcome {
  counts: Counts;
  /** Names of the counts that must be zero and are not. */
  wrong: string[];
  seconds: number;
}

export interface RunOptions<Size> {
  seed: number;
  size: SizeName;
  /** Replaces values of the size. */
  adjust?: Partial<Size>;
  /** Of the build. Those of the scenario itself take precedence. */
  replacements?: readonly ModuleReplacement[];
  log?: (line: string) => void;
}

export interface Runner {
  run<Size>(scenario: Scenario<Size>, options: RunOptions<Size>): Promise<Outcome>;
  close(): Promise<void>;
}

export function createRunner(): Runner {
  let current: { key: string; build: string; runtime: FaultyRuntime } | undefined;

  async function close(): Promise<void> {
    await current?.runtime.stop();
    current = undefined;
  }

  /** Keeps a runtime with the same settings and replaces only its functions, which is faster than starting another. */
  async function runtimeFor(
    scenario: Scenario<any>,
    replacements: readonly ModuleReplacement[],
  ): Promise<FaultyRuntime> {
    const key = JSON.stringify(scenario.settings ?? {});
    const build = JSON.stringify(replacements);
    if (current?.key !== key) {
      await close();
      current = { key, build, runtime: await startFaulty({ ...scenario.settings, replacements }) };
    } else if (current.build !== build) {
      await current.runtime.rebuild(replacements);
      current.build = build;
    }
    return current.runtime;
  }

  return {
    close,
    async run(scenario, { seed, size, adjust, replacements = [], log = () => undefined }) {
      const runtime = await runtimeFor(
        scenario,
        mergeReplacements(scenario.replacements ?? [], replacements),
      );
      const startedAtMs = Date.now();
      try {
        const chosen = { ...scenario.sizes[size], ...adjust };
        const counts = await scenario.run({ seed, size: chosen, runtime, log });
        return { counts, wrong: findWrong(counts), seconds: (Date.now() - startedAtMs) / 1_000 };
      } catch (error) {
        // What the scenario left running must not disturb the next one.
        await close();
        throw error;
      } finally {
        await current?.runtime.rules.clear();
      }
    },
  };
}
