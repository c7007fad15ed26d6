/** What a deleted account left in rooms is erased in steps; one that found something leaves word for the next. */
import { eraseUser } from '../../../shared/domain/accounts/erase-user.ts';
import type { Dependencies } from '../dependencies.ts';

/** Well within the function's time, so that the rest of the batch finds some too. */
const stepMs = 15_000;

export async function continueErasure(ports: Dependencies, userId: string, step: number): Promise<void> {
  const { done } = await eraseUser(ports, userId, ports.clock.now() + stepMs);
  // The first look may come too early: what lists their rooms hears of a change a moment late.
  if (!done || step === 0) await ports.erasures.continue(userId, step + 1);
}
