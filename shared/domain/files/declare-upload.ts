/** Declares an upload: counts it for its user's day, and remembers what the client says about the file. */
import * as limits from '../../contract/limits.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller } from '../model/accounts.ts';
import type { Upload } from '../model/uploads.ts';
import type { RevocationStore } from '../ports/accounts.ts';
import type { RoomStore } from '../ports/rooms.ts';
import type { Clock, Random } from '../ports/system.ts';
import type { UploadQuota, UploadStore } from '../ports/uploads.ts';
import { waitForAll } from '../wait-for-all.ts';
import { findRoomFor } from '../rooms/find-room.ts';
import { randomKey } from './attachment-id.ts';
import { countUpload } from './upload-quota.ts';

const hourMs = 60 * 60 * 1_000;

interface DeclarePorts {
  rooms: Pick<RoomStore, 'getWithMember'>;
  uploads: Pick<UploadStore, 'reserve' | 'declare'>;
  revocations: Pick<RevocationStore, 'isRevoked'>;
  clock: Clock;
  random: Pick<Random, 'uuid'>;
}

/** What the client says about the file. */
export type DeclaredFile = Pick<Upload, 'name' | 'declaredType' | 'declaredSize' | 'alt'>;

/**
 * Returns the upload, whose bytes are awaited. What was counted stays counted when they never come.
 * @throws ChatError `file_too_large`; `not_found` for a room in which the caller may not write; `rate_limited` until the next
 * day, in UTC, when the quota is used up
 */
export async function declareUpload(
  ports: DeclarePorts,
  caller: Caller,
  { roomId, file, quota }: { roomId: string; file: DeclaredFile; quota: UploadQuota },
): Promise<Upload> {
  const { userId } = caller;
  if (file.declaredSize > limits.attachmentBytes)
    throw new ChatError('file_too_large', { detail: 'A file can have at most 10 MiB.' });
  await findRoomFor('sendMessage', ports, roomId, userId);
  await countUpload(ports, userId, { bytes: file.declaredSize, quota });
  const now = ports.clock.now();
  const upload: Upload = {
    ...file,
    roomId,
    uploadKey: randomKey(ports.random),
    userId,
    createdAtMs: now,
    attachableUntilMs: now + limits.attachableHours * hourMs,
    state: 'awaited',
  };
  await ports.uploads.declare(upload);
  // The purge of a room and the erasure of an account remove the uploads that they find. A caller who is allowed now declared this
  // one before either began; otherwise no form is answered, nothing can be posted, and the upload ends by itself.
  const [, isRevoked] = await waitForAll([
    findRoomFor('sendMessage', ports, roomId, caller.userId),
    ports.revocations.isRevoked(caller),
  ]);
  if (isRevoked) throw new ChatError('unauthorized');
  return upload;
}
