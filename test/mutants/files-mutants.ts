/** Mutants that break what is promised for files. The model of files finds more of them (`test/chaos/files-model`). */

import { keptFiles } from '../chaos/scenarios/kept-files.ts';
import type { Mutant } from './mutant.ts';
import { replacing } from './replacing.ts';

/** Without other faults, files are out of reach within a second. */
const adjust = { probability: 0, removalMs: 4_000 };

export const filesMutants: readonly Mutant[] = [
  {
    defect: 'attaches an upload that is attached to another message',
    replacement: replacing('shared/storage/log-store.ts', 'attach-regardless-of-state.ts'),
    scenario: keptFiles,
    adjust,
    shownBy: ['wronglyAccepted'],
  },
  {
    defect: 'keeps no files',
    replacement: replacing('functions/table-stream/handlers/follow-files.ts', 'keep-no-files.ts'),
    scenario: keptFiles,
    adjust,
    shownBy: ['expired'],
  },
  {
    defect: 'deletes messages without their files',
    replacement: replacing('shared/domain/messages/delete-message.ts', 'delete-without-files.ts'),
    scenario: keptFiles,
    adjust,
    shownBy: ['reachable', 'leftObjects'],
  },
  {
    defect: 'purges rooms without their files',
    replacement: replacing('shared/domain/files/remove-files.ts', 'purge-without-files.ts'),
    scenario: keptFiles,
    adjust,
    shownBy: ['reachableAfterEnd', 'leftObjects', 'leftUploads'],
  },
  {
    defect: 'erases accounts without their files',
    replacement: replacing('shared/domain/files/remove-files.ts', 'erase-without-files.ts'),
    scenario: keptFiles,
    adjust,
    shownBy: ['reachableAfterEnd', 'leftObjects'],
  },
];
