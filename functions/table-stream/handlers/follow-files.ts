/** Leaves the files of stored entries to the cleanup function: those of messages are kept, those of deletions removed. */
import { chunk } from '../../../shared/domain/chunk.ts';
import { keysInFolder, keysOfFile } from '../../../shared/domain/files/object-keys.ts';
import type { LogEntry } from '../../../shared/domain/model/log.ts';
import type { UploadPlace } from '../../../shared/domain/model/uploads.ts';
import { waitForAll } from '../../../shared/domain/wait-for-all.ts';
import type { Dependencies } from '../dependencies.ts';

/** Far from what an invocation accepts, 256 KB, and soon done. */
const filesPerTask = 100;

type Ports = Pick<Dependencies, 'enqueueCleanup'>;

export async function followFilesOf(ports: Ports, entries: readonly LogEntry[]): Promise<void> {
  const kept = entries.flatMap((entry) =>
    entry.kind === 'message' ? (entry.attachments ?? []).map((file) => keysOfFile(entry.roomId, file)) : [],
  );
  const removed = entries.flatMap((entry) =>
    entry.kind === 'delete'
      ? (entry.removedFiles ?? []).map(({ uploadKey, folder }) => ({
          keys: keysInFolder(entry.roomId, folder),
          upload: { roomId: entry.roomId, uploadKey },
        }))
      : [],
  );
  await waitForAll([
    ...chunk(kept, filesPerTask).map((keys) =>
      followFiles(ports, { keep: keys.flat(), remove: [], uploads: [] }),
    ),
    ...chunk(removed, filesPerTask).map((files) =>
      followFiles(ports, {
        keep: [],
        remove: files.flatMap(({ keys }) => keys),
        uploads: files.map(({ upload }) => upload),
      }),
    ),
  ]);
}

/** Keeps some objects, and removes others together with the uploads that they were. */
export async function followFiles(
  { enqueueCleanup }: Ports,
  { keep, remove, uploads }: { keep: string[]; remove: string[]; uploads: UploadPlace[] },
): Promise<void> {
  await waitForAll([
    keep.length === 0 ? undefined : enqueueCleanup({ kind: 'keep_files', keys: keep }),
    remove.length === 0 ? undefined : enqueueCleanup({ kind: 'remove_files', keys: remove, uploads }),
  ]);
}
