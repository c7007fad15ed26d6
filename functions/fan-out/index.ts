/** Lambda entry for one slice of a large room's subscribers: posts its frames to each of them. */
import { readConfig } from '../../shared/lambda/config.ts';
import { connectionGatewaySettings } from '../../shared/lambda/connection-gateway-settings.ts';
import { failureLog } from '../../shared/lambda/logger.ts';
import { metrics, withMetrics } from '../../shared/lambda/metrics.ts';
import { clock } from '../../shared/lambda/system.ts';
import { openConnectionGateway } from '../../shared/realtime/connection-gateway.ts';
import { fanOutFrames } from '../../shared/realtime/fan-out.ts';
import { recipientsOf, type Slice } from '../../shared/realtime/slice-subscribers.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';

const config = readConfig('fanOut');

const ports = {
  connections: connectionStore(openTable(config.tableName)),
  connectionGateway: openConnectionGateway(config.connectionsUrl, connectionGatewaySettings()),
  clock,
  logger: failureLog,
  metrics,
  settings: { reconnectAfterMs: config.reconnectAfterMinutes * 60_000 },
};

export const handler = withMetrics(async (slice: Slice): Promise<void> => {
  await fanOutFrames(ports, recipientsOf(slice), slice.frames);
});
