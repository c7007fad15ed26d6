/** Defect: a message with a `client_id` is stored over the void entry that has filled its seq. */
import * as original from '../../../shared/storage/log-store.ts';
import { withChangedSteps } from '../changed-steps.ts';

export * from '../../../shared/storage/log-store.ts';

export const logStore: typeof original.logStore = (table) =>
  original.logStore(
    withChangedSteps(table, (step) =>
      'put' in step && step.put['kind'] === 'message' ? { put: step.put } : step,
    ),
  );
