/** The table, with a client made for it. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { defaultProvider } from '../aws/environment-credentials.ts';
import { sdkSigner } from '../aws/sdk-signer.ts';
import { Table } from './table.ts';

/** A request that hangs is given up, and tried again, well within a function's time. */
const requestTimeoutMs = 2_000;

/**
 * What the SDK does for each request besides, and nothing here needs: naming itself, logging by a logger of its own,
 * and a header against loops that DynamoDB does not read. An eighth of the time that a request takes.
 */
const unneeded = ['getUserAgentMiddleware', 'loggerMiddleware', 'recursionDetectionMiddleware'];

export function openTable(tableName: string, client: DynamoDBClient = newClient()): Table {
  for (const name of unneeded) client.middlewareStack.remove(name);
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return new Table(documents, tableName);
}

function newClient(): DynamoDBClient {
  const credentials = defaultProvider();
  return new DynamoDBClient({
    maxAttempts: 4,
    // Given, they are asked once; found by the client, for each request.
    credentials,
    signer: sdkSigner({ service: 'dynamodb', region: process.env['AWS_REGION'] ?? '', credentials }),
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpsAgent: { maxSockets: 100 },
    },
  });
}
