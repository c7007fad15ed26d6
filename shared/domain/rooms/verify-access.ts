/**
 * Verifies that a right which was checked earlier still holds. Every change that ends a right stores its seq as the head's
 * `rightsSeq`, so a writer sees from the head it has anyway whether it must read the room and the member again.
 */
import { authorize, type RoomAction } from '../access.ts';
import { ChatError } from '../chat-error.ts';
import type { Head } from '../model/rooms.ts';
import type { RoomStore } from '../ports/rooms.ts';

export interface CheckedAccess {
  action: RoomAction;
  roomId: string;
  userId: string;
  /** The `rightsSeq` up to which the right was verified. */
  verifiedSeq: number;
}

export interface VerifiedAccess {
  head: Head;
  /** A right in this room had ended since, so the room and the member were read again. */
  wasLookedUp: boolean;
}

/** @throws ChatError `not_found`, also for a deleted room, `forbidden`. */
export async function verifyAccess(
  { rooms }: { rooms: Pick<RoomStore, 'getWithMember'> },
  { action, roomId, userId, verifiedSeq }: CheckedAccess,
  head: Head | undefined,
): Promise<VerifiedAccess> {
  if (head === undefined || head.closedAtMs !== undefined) throw new ChatError('not_found');
  if (head.rightsSeq <= verifiedSeq) return { head, wasLookedUp: false };
  const found = await rooms.getWithMember(roomId, userId);
  if (found === undefined) throw new ChatError('not_found');
  authorize(action, found.room, userId, found.member);
  return { head, wasLookedUp: true };
}

/** Returns a verifier for a request that has just checked the right itself: it looks up every right that ever ended. */
export function stillAllowed(
  ports: { rooms: Pick<RoomStore, 'getWithMember'> },
  right: Omit<CheckedAccess, 'verifiedSeq'>,
): (head: Head) => Promise<void> {
  return async (head) => {
    await verifyAccess(ports, { ...right, verifiedSeq: 0 }, head);
  };
}
