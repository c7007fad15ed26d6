/** Lambda entry for a welcome that took too long in the table stream: starts it again, with all the time that it needs. */
import type { Connection } from '../../shared/domain/model/connections.ts';
import { withMetrics } from '../../shared/lambda/metrics.ts';
import { welcome } from '../../shared/realtime/welcome.ts';
import { dependencies } from './dependencies.ts';

const ports = dependencies();

export const handler = withMetrics((connection: Connection): Promise<void> => welcome(ports, connection));
