/** Runs one step of a cleanup, and hands what is left to the next invocation. */
import { eraseUser, type ErasePorts } from '../../shared/domain/accounts/erase-user.ts';
import { removeFiles, removeFilesOfRoom } from '../../shared/domain/files/remove-files.ts';
import type { CleanupTask, EnqueueCleanup } from '../../shared/domain/model/cleanup.ts';
import type { ObjectStore } from '../../shared/domain/ports/objects.ts';
import type { RoomStore } from '../../shared/domain/ports/rooms.ts';
import type { Clock } from '../../shared/domain/ports/system.ts';

export interface CleanupPorts extends Omit<ErasePorts, 'rooms' | 'objects'> {
  rooms: ErasePorts['rooms'] & Pick<RoomStore, 'purge'>;
  objects: Pick<ObjectStore, 'keep' | 'remove' | 'removeBelow'>;
  /** Waits that many milliseconds. */
  pause(milliseconds: number): Promise<void>;
  clock: Clock;
  enqueueCleanup: EnqueueCleanup;
}

/** Half of the function's timeout, so that the last requests of a step have time left. */
const maxStepMs = 60_000;
const itemsPerRequest = 500;

const maxRepeatMs = 50_000;

/**
 * Works on the task for a minute at most. The next invocation is enqueued before this one ends: when that fails, this one
 * fails as well, and Lambda repeats it.
 */
export async function runStep(ports: CleanupPorts, task: CleanupTask): Promise<void> {
  const rest = await runTask(ports, task, ports.clock.now() + maxStepMs);
  if (rest !== undefined) await ports.enqueueCleanup(rest);
}

/** Returns what is left to do. */
async function runTask(
  ports: CleanupPorts,
  task: CleanupTask,
  endsAtMs: number,
): Promise<CleanupTask | undefined> {
  switch (task.kind) {
    case 'keep_files':
      await ports.objects.keep(task.keys);
      return undefined;
    case 'remove_files':
      await persist(ports, () => removeFiles(ports, task));
      return undefined;
    case 'purge':
      return purge(ports, task, endsAtMs);
    case 'erasure':
      return erase(ports, task, endsAtMs);
  }
}

/** How long to wait before each repetition. Lambda itself repeats a failed invocation only after a minute. */
const pausesMs = [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000];

/** Repeats work that fails, for most of a minute: a file that was deleted must be out of reach within one. */
async function persist(ports: CleanupPorts, work: () => Promise<void>): Promise<void> {
  const endsAtMs = ports.clock.now() + maxRepeatMs;
  for (const pauseMs of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (ports.clock.now() + pauseMs >= endsAtMs) throw error;
      await ports.pause(pauseMs);
    }
  }
  return work();
}

type Purge = Extract<CleanupTask, { kind: 'purge' }>;
type Erasure = Extract<CleanupTask, { kind: 'erasure' }>;

async function purge(ports: CleanupPorts, task: Purge, endsAtMs: number): Promise<Purge | undefined> {
  // Before the log: afterwards no upload can be attached, so that no message with files is stored behind the purge.
  if (!(await removeFilesOfRoom(ports, task.roomId, endsAtMs))) return task;
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
