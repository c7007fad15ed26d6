/** Runs one step of erasing a deleted account from its rooms. A step that found something schedules the next one. */
import { eraseUser } from '../../../shared/domain/accounts/erase-user.ts';
import type { Dependencies } from '../dependencies.ts';

/** Far below the function's timeout, so that the other records of the batch have time left. */
const maxStepMs = 15_000;

export async function continueErasure(ports: Dependencies, userId: string, step: number): Promise<void> {
  const { done } = await eraseUser(ports, userId, ports.clock.now() + maxStepMs);
  // There is always a second step: the index that lists the user's rooms is eventually consistent.
  if (!done || step === 0) await ports.erasures.continue(userId, step + 1);
}
