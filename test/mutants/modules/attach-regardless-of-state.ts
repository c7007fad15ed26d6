/** Defect: an upload is attached to a message although it is attached to another one. */
import * as original from '../../../shared/storage/log-store.ts';
import { withChangedSteps } from '../changed-steps.ts';

export * from '../../../shared/storage/log-store.ts';

export const logStore: typeof original.logStore = (table) =>
  original.logStore(
    withChangedSteps(table, (step) =>
      'update' in step && step.change.set?.['upload_state'] === 'attached'
        ? { ...step, condition: { if: 'attribute_exists(pk)' } }
        : step,
    ),
  );
