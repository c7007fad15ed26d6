/** Defect: the files of messages are not kept, so that the bucket deletes them after a day. */
import * as original from '../../../functions/table-stream/handlers/follow-files.ts';

export * from '../../../functions/table-stream/handlers/follow-files.ts';

export const followFilesOf: typeof original.followFilesOf = (ports, entries) =>
  original.followFilesOf(
    ports,
    entries.filter(({ kind }) => kind !== 'message'),
  );
