/** Defect: a deletion succeeds although a later edit has changed the message. */
import * as original from '../../../shared/storage/log-store.ts';
import { withChangedSteps, withHighestSeq } from '../changed-steps.ts';

export * from '../../../shared/storage/log-store.ts';

export const logStore: typeof original.logStore = (table) =>
  original.logStore(
    withChangedSteps(table, (step) =>
      'update' in step && step.change.set?.['deleted_at'] !== undefined ? withHighestSeq(step) : step,
    ),
  );
