/** Watches a folder of sources, also while it is removed and made again, as a change of branch does. */
import { existsSync, watch, type FSWatcher } from 'node:fs';

/** The time between two looks for a folder that is gone. */
const retryMs = 200;

/**
 * Calls back whenever something changes in the folder or below it, until the returned function is called. A folder that is
 * removed, or cannot be watched any more, is watched again once it is there.
 */
export function watchFolder(folder: string, changed: () => void): () => void {
  let watcher: FSWatcher | undefined;
  let retry: NodeJS.Timeout | undefined;

  function open(): void {
    if (!existsSync(folder)) return reopenLater();
    watcher = watch(folder, { recursive: true }, () => {
      changed();
      if (!existsSync(folder)) reopenLater();
    });
    // Watching fails for a folder below that is removed while it is read.
    watcher.on('error', () => {
      changed();
      reopenLater();
    });
  }

  function reopenLater(): void {
    watcher?.close();
    watcher = undefined;
    clearTimeout(retry);
    retry = setTimeout(() => {
      open();
      if (watcher !== undefined) changed();
    }, retryMs);
  }

  open();
  return () => {
    clearTimeout(retry);
    watcher?.close();
  };
}
