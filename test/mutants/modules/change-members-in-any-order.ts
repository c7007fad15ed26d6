/** Defect: a change of the members is stored although one with a later seq has been stored. */
import * as original from '../../../shared/storage/member-store.ts';
import { withChangedSteps, withHighestSeq } from '../changed-steps.ts';

export * from '../../../shared/storage/member-store.ts';

export const memberStore: typeof original.memberStore = (table) =>
  original.memberStore(
    withChangedSteps(table, (step) =>
      'update' in step && step.change.set?.['members_seq'] !== undefined ? withHighestSeq(step) : step,
    ),
  );
