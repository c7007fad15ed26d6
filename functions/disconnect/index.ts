/**
 * Lambda entry of `$disconnect`: removes the connection. The `tableStream` function then ends its
 * subscriptions.
 */
import { readConfig } from '../../shared/lambda/config.ts';
import { logCaller } from '../../shared/lambda/log-caller.ts';
import { metrics } from '../../shared/lambda/metrics.ts';
import { socketFunction } from '../../shared/lambda/socket-function.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';

const connections = connectionStore(openTable(readConfig('disconnect').tableName));

interface DisconnectEvent {
  requestContext: {
    connectionId: string;
    requestId: string;
    routeKey: string;
    /** Milliseconds since 1970. */
    connectedAt: number;
    requestTimeEpoch: number;
  };
}

export const handler = socketFunction(
  async ({ requestContext }: DisconnectEvent) => {
    const { connectionId, connectedAt, requestTimeEpoch } = requestContext;
    metrics.add('ConnectionsClosed', 1);
    metrics.measure('ConnectionTime', requestTimeEpoch - connectedAt);
    const removed = await connections.remove(connectionId);
    if (removed !== undefined) logCaller(removed);
    return { statusCode: 200 };
  },
  () => {
    metrics.add('DisconnectsFailed', 1);
    return { statusCode: 500 };
  },
);
