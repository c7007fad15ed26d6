/** Lambda entry for the activity of a room: waits until it is due, and sends it to the inboxes that watch the room. */
import type { ActivityTask } from '../../shared/domain/model/inbox.ts';
import { withMetrics } from '../../shared/lambda/metrics.ts';
import { sendActivity } from '../../shared/realtime/inbox/send-activity.ts';
import { dependencies } from './dependencies.ts';

const ports = dependencies();

export const handler = withMetrics((task: ActivityTask): Promise<void> => sendActivity(ports, task));
