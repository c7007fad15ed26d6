/**
 * Lambda entry of `$disconnect`: removes the connection. The `tableStream` function then ends its
 * subscriptions.
 */
import { readConfig } from '../../shared/lambda/config.ts';
import { logCaller } from '../../shared/lambda/log-caller.ts';
import { socketFunction } from '../../shared/lambda/socket-function.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';

const connections = connectionStore(openTable(readConfig('disconnect').tableName));

export const handler = socketFunction(
  async ({ requestContext }) => {
    const removed = await connections.remove(requestContext.connectionId);
    if (removed !== undefined) logCaller(removed);
    return { statusCode: 200 };
  },
  () => ({ statusCode: 500 }),
);
