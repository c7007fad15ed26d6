/** Defect: a change within the interval after the last activity causes none, so the last state is not sent. */
import * as limits from '../../../shared/contract/limits.ts';
import * as original from '../../../shared/domain/inbox/schedule-activity.ts';

export * from '../../../shared/domain/inbox/schedule-activity.ts';

export const scheduleActivity: typeof original.scheduleActivity = async (ports, cause) => {
  const { dueAtMs } = await ports.inbox.pace(cause.roomId);
  if (ports.clock.now() < dueAtMs + limits.activityIntervalMs) return;
  await original.scheduleActivity(ports, cause);
};
