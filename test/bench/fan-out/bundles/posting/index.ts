/** A process that posts in one of three ways and reports the processor time. It is bundled as the functions are. */

import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { connectionGatewaySettings } from '../../../../../shared/lambda/connection-gateway-settings.ts';
import { openConnectionGateway } from '../../../../../shared/realtime/connection-gateway.ts';
import { forEachConcurrent } from '../../../../../shared/realtime/for-each-concurrent.ts';
import { postSigned } from './signed-request.ts';

type Post = (connectionId: string, frame: string) => Promise<unknown>;

const [, , way = '', endpoint = ''] = process.argv;

/** As many as in a fan-out. */
const concurrency = 50;

/** A typical message, as it is posted to each socket of a room. */
const frame = JSON.stringify({
  type: 'chat_message',
  message_id: '3B9oyBwhRhi0u4oP00VgsQAAAAAAAQ',
  room_id: 'dc1f68c8-1c21-4618-bbb8-ea0fd34560b1',
  seq: 1,
  message: 'a message of the usual length, made of a few more words',
  sender_id: '661a5a72-0fa8-4f0e-9d0f-0f2f1f9a2b7c',
  sender_username: 'cleo',
  timestamp: '2026-11-22T13:08:56.220Z',
  edited_at: null,
  is_deleted: false,
});

const ways: Record<string, () => Post> = {
  product() {
    const connectionGateway = openConnectionGateway(endpoint, connectionGatewaySettings());
    return (connectionId, text) => connectionGateway.post(connectionId, text);
  },
  signed() {
    const url = new URL(endpoint);
    return (connectionId, text) => postSigned(url, connectionId, text);
  },
  sdk() {
    const client = new ApiGatewayManagementApiClient({ endpoint });
    return (connectionId, text) =>
      client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: text }));
  },
};

const post = ways[way]?.();
if (post === undefined) throw new Error(`There is no way "${way}"`);

/** Returns the microseconds of processor time of one post. */
async function measure(posts: number): Promise<number> {
  const connections = Array.from({ length: posts }, (_, index) => `${String(index).padStart(15, 'x')}=`);
  const before = process.cpuUsage();
  await forEachConcurrent(connections, concurrency, async (connectionId) => {
    await post!(connectionId, frame);
  });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / posts;
}

process.on('message', (posts: number) => {
  measure(posts).then(
    (microseconds) => process.send?.(microseconds),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
