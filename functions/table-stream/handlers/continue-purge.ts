/** What is left of a deleted room is deleted in steps; a step that runs out of time leaves word for the next. */
import type { Dependencies } from '../dependencies.ts';

const itemsAtOnce = 500;

/** Well within the function's time, so that the rest of the batch finds some too. */
const stepMs = 15_000;

export async function continuePurge(ports: Dependencies, roomId: string, step: number): Promise<void> {
  const until = ports.clock.now() + stepMs;
  do {
    const { done } = await ports.rooms.purge(roomId, itemsAtOnce);
    if (done) return;
  } while (ports.clock.now() < until);
  await ports.rooms.continuePurge(roomId, step + 1);
}
