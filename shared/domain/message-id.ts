/** Message ids, which encode the room and the seq, so that a message is found with one read and no index. */
import { ChatError } from './chat-error.ts';

const uuidBytes = 16;
const seqBytes = 6;

/** Returns an id of 30 characters: 22 bytes in base64url. */
export function encodeMessageId(roomId: string, seq: number): string {
  const bytes = Buffer.alloc(uuidBytes + seqBytes);
  bytesOfUuid(roomId).copy(bytes);
  bytes.writeUIntBE(seq, uuidBytes, seqBytes);
  return bytes.toString('base64url');
}

/**
 * Returns the room and the seq of a message id.
 * @throws ChatError `not_found` for a string that is not a message id
 */
export function decodeMessageId(messageId: string): { roomId: string; seq: number } {
  const bytes = Buffer.from(messageId, 'base64url');
  if (bytes.length !== uuidBytes + seqBytes || bytes.toString('base64url') !== messageId) {
    throw new ChatError('not_found');
  }
  const seq = bytes.readUIntBE(uuidBytes, seqBytes);
  if (seq === 0) throw new ChatError('not_found');
  return { roomId: uuidOfBytes(bytes.subarray(0, uuidBytes)), seq };
}

/** Returns the 16 bytes of a UUID. */
export const bytesOfUuid = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

/** Returns the UUID of 16 bytes, in lower case. */
export const uuidOfBytes = (bytes: Uint8Array): string =>
  [8, 12, 16, 20]
    .toReversed()
    .reduce((id, index) => `${id.slice(0, index)}-${id.slice(index)}`, Buffer.from(bytes).toString('hex'));
