/** A removal was begun: if whoever began it has died since, it is completed here. */
import { finishRemoval } from '../../../shared/domain/rooms/members.ts';
import type { Dependencies } from '../dependencies.ts';

/** Whoever began it needs a few round trips, and two who complete it at once waste a seq. */
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
