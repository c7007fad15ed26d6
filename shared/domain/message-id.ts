/** Message ids: a room and a seq in one URL-safe word, so that a message is found with one read and no index. */
import { ChatError } from './chat-error.ts';

const uuidBytes = 16;
const seqBytes = 6;

/** 22 bytes in base64url: 30 characters. */
export function encodeMessageId(roomId: string, seq: number): string {
  const bytes = Buffer.alloc(uuidBytes + seqBytes);
  bytes.write(roomId.replaceAll('-', ''), 0, 'hex');
  bytes.writeUIntBE(seq, uuidBytes, seqBytes);
  return bytes.toString('base64url');
}

/** Throws `not_found` for anything that no room ever issued. */
export function decodeMessageId(messageId: string): { roomId: string; seq: number } {
  const bytes = Buffer.from(messageId, 'base64url');
  if (bytes.length !== uuidBytes + seqBytes || bytes.toString('base64url') !== messageId) {
    throw new ChatError('not_found');
  }
  const hex = bytes.toString('hex', 0, uuidBytes);
  const seq = bytes.readUIntBE(uuidBytes, seqBytes);
  if (seq === 0) throw new ChatError('not_found');
  const roomId = [8, 12, 16, 20].toReversed().reduce((id, at) => `${id.slice(0, at)}-${id.slice(at)}`, hex);
  return { roomId, seq };
}
