/** Compares the table and the bucket of the model with what is promised for files. Reads them without the code under test. */
import type { Item } from '../../../shared/storage/item.ts';
import { idOf, type FilesState } from './files-actions.ts';
import { contentOf, roomIds, type FilesSystem } from './files-system.ts';

/** An attachment of a message that its room shows. */
interface Shown {
  uploadKey: string;
  folder: string;
  /** What was posted. */
  text: string;
  roomId: string;
  entry: Item;
}

export interface Watch {
  /** Folders that an upload or a message has named at any time, by room: only these have addresses. */
  folders: Map<string, string>;
  /** Attachments that were shown and could not be had, each once. */
  missing: Set<string>;
}

export const newWatch = (): Watch => ({ folders: new Map(), missing: new Set() });

type File = { folder: string; type: string; upload_key: string };

const uploadsOf = ({ table }: FilesSystem, roomId: string): Item[] => table.partition(`UPLOAD#${roomId}`);

const isDeletedRoom = ({ table }: FilesSystem, roomId: string): boolean => {
  const room = table.partition(`ROOM#${roomId}`).find(({ sk }) => sk === 'ROOM');
  return room === undefined || room['deleted_at'] !== undefined;
};

/** The attachments of all messages that are not deleted, in rooms that are not. */
export const shownIn = (system: FilesSystem): Shown[] =>
  roomIds
    .filter((roomId) => !isDeletedRoom(system, roomId))
    .flatMap((roomId) =>
      system.table.partition(`LOG#${roomId}`).flatMap((entry) =>
        ((entry['attachments'] as File[] | undefined) ?? []).map((file) => ({
          uploadKey: file.upload_key,
          folder: file.folder,
          text: file.type,
          roomId,
          entry,
        })),
      ),
    );

/** Compares each object of an attachment with what its check has made of what was posted. */
export function isWhole({ bucket }: FilesSystem, { roomId, folder, text }: Shown): boolean {
  return ['original', '96'].every((name) => {
    const object = bucket.all.get(`files/${roomId}/${folder}/${name}`);
    return object !== undefined && Buffer.from(object.bytes).toString() === contentOf(name, text);
  });
}

/** Looks at one moment. */
export function observe(system: FilesSystem, { folders, missing }: Watch): void {
  for (const roomId of roomIds)
    for (const upload of uploadsOf(system, roomId)) {
      const file = upload['file'] as File | undefined;
      if (file !== undefined) folders.set(file.folder, roomId);
    }
  for (const shown of shownIn(system)) {
    folders.set(shown.folder, shown.roomId);
    if (!isWhole(system, shown)) missing.add(shown.folder);
  }
}

/** Counts broken promises while nothing runs, and no time has passed since. */
export function countWrong(state: FilesState, { folders, missing }: Watch): Record<string, number> {
  const { system, sent, deleted, endedRooms, endedUsers } = state;
  const shown = shownIn(system);
  const uploads = roomIds.flatMap((roomId) => uploadsOf(system, roomId));
  const unsent = uploads.filter(({ upload_state }) => upload_state === 'ready');
  const kept = new Set([
    ...shown.map(({ folder }) => folder),
    ...unsent.map(({ file }) => (file as File).folder),
  ]);
  const reachable = [...folders].filter(
    ([folder, roomId]) =>
      !kept.has(folder) && system.bucket.keysBelow(`files/${roomId}/${folder}/`).length > 0,
  );
  const ownerOf = new Map(state.declared.map((upload) => [upload.uploadKey, upload]));
  const wrongly = shown.filter(({ uploadKey, roomId, entry }) => {
    const upload = ownerOf.get(uploadKey);
    return (
      upload !== undefined &&
      (upload.userId !== entry['user_id'] ||
        upload.roomId !== roomId ||
        (entry['at'] as number) >= upload.attachableUntilMs)
    );
  });
  const logged = new Map(
    shown.map(({ entry, folder }) => [`${String(entry['room_id'])} ${Number(entry['seq'])} ${folder}`, true]),
  );
  const lost = sent
    .filter(
      (entry) => !deleted.has(idOf(entry)) && !endedRooms.has(entry.roomId) && !endedUsers.has(entry.userId),
    )
    .flatMap((entry) => (entry.attachments ?? []).map(({ folder }) => `${idOf(entry)} ${folder}`))
    .filter((id) => !logged.has(id) && !isDeletedEntry(system, id));
  const ofEnded = uploads.filter(
    (upload) =>
      upload['upload_state'] !== 'awaited' &&
      (endedRooms.has(String(upload['room_id'])) || endedUsers.has(String(upload['user_id']))),
  );
  return {
    missing: missing.size,
    reachable: reachable.length,
    attachedTwice: shown.length - new Set(shown.map(({ uploadKey }) => uploadKey)).size,
    attachedWrongly: wrongly.length,
    lost: lost.length,
    leftUploads: ofEnded.length,
    leftAttachments: shown.filter(({ entry }) => endedUsers.has(String(entry['user_id']))).length,
    unfinished: roomIds
      .flatMap((roomId) => system.table.partition(`LOG#${roomId}`))
      .filter(({ kind, removed_files: files }) => kind === 'message' && files !== undefined).length,
  };
}

/** A deletion may be stored and its answer lost. */
function isDeletedEntry({ table }: FilesSystem, id: string): boolean {
  const [roomId, seq] = id.split(' ');
  const entry = table.partition(`LOG#${roomId}`).find((one) => one['seq'] === Number(seq));
  return entry?.['deleted_at'] !== undefined;
}

/** Counts broken promises once the bucket has deleted everything that was not kept. */
export function countAfterDays(system: FilesSystem): Record<string, number> {
  const shown = shownIn(system);
  const kept = new Set(shown.map(({ roomId, folder }) => `files/${roomId}/${folder}`));
  return {
    expired: shown.filter((one) => !isWhole(system, one)).length,
    leftObjects: [...system.bucket.all.keys()].filter((key) => !kept.has(key.slice(0, key.lastIndexOf('/'))))
      .length,
  };
}
