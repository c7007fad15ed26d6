/** Completes the removal of a member that was begun, in case the function that began it has failed. */
import { finishRemoval } from '../../../shared/domain/rooms/membership/end-membership.ts';
import type { Dependencies } from '../dependencies.ts';

/** Give the function that began the removal time for its last requests: two that complete it at once waste a seq. */
const pausesMs = [20, 40, 80];

export async function finishRemovalOfMember(
  ports: Dependencies,
  roomId: string,
  userId: string,
): Promise<void> {
  for (const pauseMs of pausesMs) {
    if ((await ports.members.findRemoval(roomId, userId)) === undefined) return;
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
    });
  }
  await finishRemoval(ports, roomId, userId);
}
