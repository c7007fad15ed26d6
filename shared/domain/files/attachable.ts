/** Decides which uploads a user may send with a message: their own, in that room, checked, once, and not too late. */
import { errorCodes, type ErrorCode } from '../../contract/errors.ts';
import { ChatError } from '../chat-error.ts';
import type { Upload } from '../model/uploads.ts';

/**
 * `unchecked`: may become attachable. `refused`: by its check. `unavailable`: never will, for reasons that are not told apart,
 * so that an id does not reveal the uploads of others.
 */
export type SendState = 'attachable' | 'unchecked' | 'refused' | 'unavailable';

/** Returns whether a user may send an upload in a room at a time. `upload` is undefined when there is none with the id. */
export function sendStateOf(
  upload: Upload | undefined,
  { userId, roomId, now }: { userId: string; roomId: string; now: number },
): SendState {
  if (upload === undefined || upload.userId !== userId || upload.roomId !== roomId) return 'unavailable';
  if (upload.attachableUntilMs <= now) return 'unavailable';
  switch (upload.state) {
    case 'ready':
      return 'attachable';
    case 'awaited':
      return 'unchecked';
    case 'refused':
      return 'refused';
    case 'attached':
      return 'unavailable';
  }
}

/**
 * Returns a user's own upload that was not sent, whatever its state.
 * @throws ChatError `not_found` for all others
 */
export function ownUnsent(upload: Upload | undefined, userId: string, now: number): Upload {
  const isOwn = upload !== undefined && upload.userId === userId;
  if (!isOwn || upload.state === 'attached' || upload.attachableUntilMs <= now)
    throw new ChatError('not_found');
  return upload;
}

/** Returns the error that says why the check refused an upload. */
export function refusalOf({ problem = '', name }: Upload): ChatError {
  const code = Object.hasOwn(errorCodes, problem) ? (problem as ErrorCode) : 'invalid_request';
  return new ChatError(code, { detail: `${name}: ${errorCodes[code].detail}` });
}
