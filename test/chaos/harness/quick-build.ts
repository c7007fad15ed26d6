/**
 * The build that the short forms run, with thresholds that are reached within seconds. Longer forms run what is
 * deployed.
 */

import type { ModuleReplacement } from './replaced-modules.ts';

export const quickBuild: readonly ModuleReplacement[] = [
  { module: 'shared/domain/thresholds.ts', by: 'test/chaos/modules/quick-thresholds.ts' },
];
