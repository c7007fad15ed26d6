/** Settings of files: how much one user may upload. */
import { limit, wholeNumber } from './parsers.ts';
import { everyStage, setting, type Setting } from './setting.ts';

const megabyte = 1_024 * 1_024;

export const fileSettings = {
  uploadFilesPerUserPerDay: setting({
    topic: 'Limits of one user',
    variable: 'UPLOAD_FILES_PER_DAY',
    parser: limit,
    defaults: everyStage(200),
    readBy: ['accounts', 'chat'],
    unit: 'files a day',
    description:
      'Files that a user may declare in one day, in UTC: attachments and profile pictures together.',
  }),
  uploadBytesPerUserPerDay: setting({
    topic: 'Limits of one user',
    variable: 'UPLOAD_BYTES_PER_DAY',
    parser: wholeNumber({ from: 1, to: 1_000_000_000_000 }),
    defaults: everyStage(200 * megabyte),
    readBy: ['accounts', 'chat'],
    unit: 'bytes a day',
    description: 'The bytes of those files together, as they are declared.',
  }),
} satisfies Record<string, Setting>;
