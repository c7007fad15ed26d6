/** Describes which module of the project a mutant replaces, and by what. */
import type { ModuleReplacement } from '../chaos/harness/replaced-modules.ts';

/** Returns the replacement of one module by one of `test/mutants/modules`. */
export function replacing(module: string, by: string): ModuleReplacement {
  return { module, by: `test/mutants/modules/${by}` };
}
