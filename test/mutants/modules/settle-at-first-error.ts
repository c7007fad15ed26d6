/** Defect: work that was started together is not waited for once a part of it has failed. */
import type * as original from '../../../shared/domain/wait-for-all.ts';

export const waitForAll = ((promises: readonly unknown[]) =>
  Promise.all(promises)) as typeof original.waitForAll;
