/** Builds with a defect that the model must find, and the counts that show it. */
import { replacing } from '../../mutants/replacing.ts';
import type { ModuleReplacement } from '../harness/replaced-modules.ts';

const removeFiles = 'shared/domain/files/remove-files.ts';
const checkUpload = 'functions/uploads/check-upload.ts';

export const filesDefects: readonly {
  defect: string;
  replacement: ModuleReplacement;
  shownBy: readonly string[];
}[] = [
  {
    defect: 'attaches an upload that is attached to another message',
    replacement: replacing('shared/storage/log-store.ts', 'attach-regardless-of-state.ts'),
    shownBy: ['attachedTwice'],
  },
  {
    defect: 'stores the objects of all checks of an upload in the same folder',
    replacement: replacing(checkUpload, 'name-folders-by-upload.ts'),
    shownBy: ['expired'],
  },
  {
    defect: 'records a check before its objects are stored',
    replacement: replacing(checkUpload, 'record-before-storing-objects.ts'),
    shownBy: ['missing'],
  },
  {
    defect: 'keeps no files',
    replacement: replacing('functions/table-stream/handlers/follow-files.ts', 'keep-no-files.ts'),
    shownBy: ['expired'],
  },
  {
    defect: 'deletes messages without their files',
    replacement: replacing('shared/domain/messages/delete-message.ts', 'delete-without-files.ts'),
    shownBy: ['reachable', 'leftObjects'],
  },
  {
    defect: 'purges rooms without their files',
    replacement: replacing(removeFiles, 'purge-without-files.ts'),
    shownBy: ['reachable', 'leftObjects', 'leftUploads'],
  },
  {
    defect: 'erases accounts without their files',
    replacement: replacing(removeFiles, 'erase-without-files.ts'),
    shownBy: ['reachable', 'leftObjects', 'leftUploads'],
  },
  {
    defect: 'erases accounts without the uploads that were not sent',
    replacement: replacing(removeFiles, 'erase-without-unsent-uploads.ts'),
    shownBy: ['leftUploads'],
  },
];
