/** Runs scenarios one after the other, on one runtime for as long as they want the same settings. */

import type { SourcePatch } from './patched-bundles.ts';
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
  /** In place of what the size says. */
  adjust?: Partial<Size>;
  /** Of the build; what the scenario itself needs wins over them. */
  patches?: readonly SourcePatch[];
  log?: (line: string) => void;
}

export interface Runner {
  run<Size>(scenario: Scenario<Size>, options: RunOptions<Size>): Promise<Outcome>;
  close(): Promise<void>;
}

export function createRunner(): Runner {
  let current: { key: string; patches: string; runtime: FaultyRuntime } | undefined;

  async function close(): Promise<void> {
    await current?.runtime.stop();
    current = undefined;
  }

  /** The one that runs when it fits; only other functions are swapped in, since that is quicker than a start. */
  async function runtimeFor(
    scenario: Scenario<any>,
    patches: readonly SourcePatch[],
  ): Promise<FaultyRuntime> {
    const key = JSON.stringify(scenario.settings ?? {});
    const patchesKey = JSON.stringify(patches);
    if (current?.key !== key) {
      await close();
      current = { key, patches: patchesKey, runtime: await startFaulty({ ...scenario.settings, patches }) };
    } else if (current.patches !== patchesKey) {
      await current.runtime.patch(patches);
      current.patches = patchesKey;
    }
    return current.runtime;
  }

  return {
    close,
    async run(scenario, { seed, size, adjust, patches = [], log = () => undefined }) {
      const runtime = await runtimeFor(scenario, together(scenario.patches ?? [], patches));
      const startedAt = Date.now();
      try {
        const chosen = { ...scenario.sizes[size], ...adjust };
        const counts = await scenario.run({ seed, size: chosen, runtime, log });
        return { counts, wrong: findWrong(counts), seconds: (Date.now() - startedAt) / 1_000 };
      } catch (error) {
        // Whatever was under way must not meet the next scenario.
        await close();
        throw error;
      } finally {
        await current?.runtime.rules.clear();
      }
    },
  };
}

/** What the scenario needs comes before what else would change the same place. */
function together(needed: readonly SourcePatch[], others: readonly SourcePatch[]): SourcePatch[] {
  const places = new Set(needed.map(placeOf));
  return [...needed, ...others.filter((patch) => !places.has(placeOf(patch)))];
}

function placeOf({ file, find }: SourcePatch): string {
  return `${file} ${find}`;
}
