/** Lambda entry for one slice of a large room's audience: posts the frames to each socket in it. */
import { readConfig } from '../../shared/lambda/config.ts';
import { posterSettings } from '../../shared/lambda/posting.ts';
import { clock } from '../../shared/lambda/world.ts';
import { openPoster } from '../../shared/realtime/connections-client.ts';
import { fanOutFrames } from '../../shared/realtime/fan-out.ts';
import type { Slice } from '../../shared/realtime/hand-out-slices.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';

const config = readConfig([
  'TABLE_NAME',
  'RECONNECT_AFTER_MINUTES',
  'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI',
]);

const ports = {
  connections: connectionStore(openTable(config.TABLE_NAME)),
  poster: openPoster(config.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI, posterSettings()),
  clock,
  settings: { reconnectAfterMs: config.RECONNECT_AFTER_MINUTES * 60_000 },
};

export const handler = async ({ recipients, frames }: Slice): Promise<void> => {
  await fanOutFrames(ports, recipients, frames);
};
