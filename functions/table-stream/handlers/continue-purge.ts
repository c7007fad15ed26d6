/** Runs one step of purging a deleted room. A step that runs out of time schedules the next one. */
import type { Dependencies } from '../dependencies.ts';

const itemsPerRequest = 500;

/** Far below the function's timeout, so that the other records of the batch have time left. */
const maxStepMs = 15_000;

export async function continuePurge(ports: Dependencies, roomId: string, step: number): Promise<void> {
  const endsAtMs = ports.clock.now() + maxStepMs;
  do {
    const { done } = await ports.rooms.purge(roomId, itemsPerRequest);
    if (done) return;
  } while (ports.clock.now() < endsAtMs);
  await ports.rooms.continuePurge(roomId, step + 1);
}
