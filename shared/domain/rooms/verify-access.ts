/**
 * Whether a right that was judged earlier still holds. Whatever takes a right away writes the seq that it took as the
 * head's `rightsSeq`, so one number tells a writer, for free, whether there is anything to look up again.
 */
import { authorize, type RoomAction } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import type { Head } from '../model.ts';
import type { RoomStore } from '../ports/rooms.ts';

export interface JudgedAccess {
  action: RoomAction;
  roomId: string;
  userId: string;
  /** The `rightsSeq` up to which it was verified. */
  verifiedSeq: number;
}

export interface VerifiedAccess {
  head: Head;
  /** A right in this room had ended since, so room and member were read again. */
  wasLookedUp: boolean;
}

/** @throws ChatError `not_found`, also for a room that was deleted, `forbidden`. */
export async function verifyAccess(
  { rooms }: { rooms: Pick<RoomStore, 'getWithMember'> },
  { action, roomId, userId, verifiedSeq }: JudgedAccess,
  head: Head | undefined,
): Promise<VerifiedAccess> {
  if (head === undefined || head.closedAt !== undefined) throw new ChatError('not_found');
  if (head.rightsSeq <= verifiedSeq) return { head, wasLookedUp: false };
  const found = await rooms.getWithMember(roomId, userId);
  if (found === undefined) throw new ChatError('not_found');
  authorize(action, found.room, userId, found.member);
  return { head, wasLookedUp: true };
}

/** The same for a request that has just judged the right itself: everything that ended is newer than nothing. */
export function stillAllowed(
  ports: { rooms: Pick<RoomStore, 'getWithMember'> },
  right: Omit<JudgedAccess, 'verifiedSeq'>,
): (head: Head) => Promise<void> {
  return async (head) => {
    await verifyAccess(ports, { ...right, verifiedSeq: 0 }, head);
  };
}
