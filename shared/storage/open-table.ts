/** The table, with a client made for it. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { accessPatterns, type AccessPatterns } from './access-patterns.ts';
import { Table } from './table.ts';

/** A request that hangs is given up, and tried again, well within a function's time. */
const requestTimeoutMs = 2_000;

export function openTable(
  tableName: string,
  client: DynamoDBClient = new DynamoDBClient({
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpsAgent: { maxSockets: 100 },
    },
  }),
): AccessPatterns {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return accessPatterns(new Table(documents, tableName));
}
