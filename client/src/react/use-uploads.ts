/** The hook for the files of the next message of a room. */
import { useMemo } from 'react';
import type { Room, Upload, UploadFile } from '../index.ts';
import { useSelected } from './use-selected.ts';

/** What `useUploads` returns. */
export interface RoomUploadList {
  /** In the order in which they were added. */
  uploads: readonly Upload[];
  /** Uploads files for the next message. `alt` says what they show. Without a room, nothing happens. */
  add: (files: Iterable<UploadFile>, options?: { alt?: string }) => void;
  /** Stops an upload, and removes it from the list. */
  remove: (upload: Upload) => void;
  /** Uploads a file again that has failed. */
  retry: (upload: Upload) => void;
}

/**
 * Returns the files that are being uploaded for the next message of a room. Pass `uploads` to `send` of `useMessages`, which
 * empties the list. The functions stay the same for as long as the room does.
 *
 * @param room of `useRoom`; without a room there are no uploads
 * @example
 * const { room } = useRoom('general');
 * const { uploads, add, remove } = useUploads(room);
 * const { send } = useMessages(room);
 *
 * <input type="file" multiple onChange={(event) => add(event.target.files ?? [])} />
 * {uploads.map((upload) => (
 *   <li key={upload.id}>
 *     {upload.name} <progress value={upload.sentBytes} max={upload.size} /> {upload.problem?.detail}
 *     <button onClick={() => remove(upload)}>Remove</button>
 *   </li>
 * ))}
 * <button onClick={() => send('', { attachments: uploads })}>Send</button>
 */
export function useUploads(room: Room | undefined): RoomUploadList {
  const uploads = useSelected(room?.uploads, selectUploads);
  const actions = useMemo(() => createActions(room), [room]);
  return { uploads, ...actions };
}

function createActions(room: Room | undefined): Omit<RoomUploadList, 'uploads'> {
  return {
    add(files, options) {
      for (const file of Array.from(files)) room?.uploads.add(file, options);
    },
    remove: (upload) => upload.remove(),
    retry: (upload) => upload.retry(),
  };
}

const none: readonly Upload[] = [];

function selectUploads(uploads: readonly Upload[] | undefined): readonly Upload[] {
  return uploads ?? none;
}
