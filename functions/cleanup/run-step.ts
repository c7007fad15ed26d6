/** Runs one step of a cleanup, and hands what is left to the next invocation. */
import { eraseUser, type ErasePorts } from '../../shared/domain/accounts/erase-user.ts';
import type { CleanupTask, EnqueueCleanup } from '../../shared/domain/model/cleanup.ts';
import type { RoomStore } from '../../shared/domain/ports/rooms.ts';
import type { Clock } from '../../shared/domain/ports/system.ts';

export interface CleanupPorts extends Omit<ErasePorts, 'rooms'> {
  rooms: ErasePorts['rooms'] & Pick<RoomStore, 'purge'>;
  clock: Clock;
  enqueueCleanup: EnqueueCleanup;
}

/** Half of the function's timeout, so that the last requests of a step have time left. */
const maxStepMs = 60_000;
const itemsPerRequest = 500;

/**
 * Works on the task for a minute at most. The next invocation is enqueued before this one ends: when that fails, this one
 * fails as well, and Lambda repeats it.
 */
export async function runStep(ports: CleanupPorts, task: CleanupTask): Promise<void> {
  const endsAtMs = ports.clock.now() + maxStepMs;
  const rest =
    task.kind === 'purge' ? await purge(ports, task, endsAtMs) : await erase(ports, task, endsAtMs);
  if (rest !== undefined) await ports.enqueueCleanup(rest);
}

type Purge = Extract<CleanupTask, { kind: 'purge' }>;
type Erasure = Extract<CleanupTask, { kind: 'erasure' }>;

async function purge(ports: CleanupPorts, task: Purge, endsAtMs: number): Promise<Purge | undefined> {
  do {
    const { done } = await ports.rooms.purge(task.roomId, itemsPerRequest);
    if (done) return undefined;
  } while (ports.clock.now() < endsAtMs);
  return task;
}

async function erase(ports: CleanupPorts, task: Erasure, endsAtMs: number): Promise<Erasure | undefined> {
  const { done } = await eraseUser(ports, task.userId, endsAtMs);
  // There is always a second step: the index that lists the user's rooms is eventually consistent.
  return done && task.step > 0 ? undefined : { ...task, step: task.step + 1 };
}
