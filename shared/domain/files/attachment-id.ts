/** Ids of uploads, which become the ids of attachments. They encode the room, so that an upload is found without an index. */
import { ChatError } from '../chat-error.ts';
import { bytesOfUuid, uuidOfBytes } from '../message-id.ts';
import type { Random } from '../ports/system.ts';
import type { UploadPlace } from '../model/uploads.ts';

const uuidBytes = 16;

/** 128 random bits: an id cannot be guessed. */
const keyBytes = 16;

/** Returns an id of 43 characters: 32 bytes in base64url. */
export function encodeAttachmentId({ roomId, uploadKey }: UploadPlace): string {
  return Buffer.concat([bytesOfUuid(roomId), Buffer.from(uploadKey, 'base64url')]).toString('base64url');
}

/**
 * Returns the room and the key of an upload.
 * @throws ChatError `not_found` for a string that is not such an id
 */
export function decodeAttachmentId(attachmentId: string): UploadPlace {
  const bytes = Buffer.from(attachmentId, 'base64url');
  if (bytes.length !== uuidBytes + keyBytes || bytes.toString('base64url') !== attachmentId)
    throw new ChatError('not_found');
  return {
    roomId: uuidOfBytes(bytes.subarray(0, uuidBytes)),
    uploadKey: bytes.subarray(uuidBytes).toString('base64url'),
  };
}

/** Returns 128 bits in base64url, 22 characters, of which 122 are random. */
export const randomKey = ({ uuid }: Pick<Random, 'uuid'>): string =>
  bytesOfUuid(uuid()).toString('base64url');
