/**
 * Schedules the activity of a watched room: at once, or at the end of the interval after the last one. An invocation that
 * is due later sends the state that it finds then, so it covers every change until that moment.
 */
import * as limits from '../../contract/limits.ts';
import type { ActivityTask, EnqueueActivity } from '../model/inbox.ts';
import type { InboxStore } from '../ports/inbox.ts';
import type { Clock } from '../ports/system.ts';

export interface ScheduleActivityPorts {
  inbox: Pick<InboxStore, 'pace' | 'setDue'>;
  clock: Clock;
  enqueueActivity: EnqueueActivity;
}

/** How far the clocks of two instances may be apart. */
export const clockSkewMs = 500;

/** Enqueued before it is recorded: if the record is lost, the room's activity is sent once more. */
export async function scheduleActivity(
  { inbox, clock, enqueueActivity }: ScheduleActivityPorts,
  { roomId, userId }: Pick<ActivityTask, 'roomId' | 'userId'>,
): Promise<void> {
  const now = clock.now();
  const { dueAtMs } = await inbox.pace(roomId);
  if (dueAtMs > now + clockSkewMs) return;
  const nextAtMs = Math.max(now, dueAtMs + limits.activityIntervalMs);
  await enqueueActivity({ roomId, dueAtMs: nextAtMs, userId });
  await inbox.setDue(roomId, nextAtMs);
}
