/** Opens the table with a DynamoDB client of its own. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { defaultProvider } from '../aws/environment-credentials.ts';
import { sdkSigner } from '../aws/sdk-signer.ts';
import { Table } from './table.ts';

/** A request that hangs is aborted and retried well within the time limit of a function. */
const requestTimeoutMs = 2_000;

/**
 * Middleware that the SDK runs for each request and that nothing here needs: a user agent, a logger of its own, and a
 * header against loops that DynamoDB does not read. Without it, a request takes an eighth less CPU time.
 */
const unneededMiddleware = ['getUserAgentMiddleware', 'loggerMiddleware', 'recursionDetectionMiddleware'];

/** Returns the table of that name. */
export function openTable(tableName: string, client: DynamoDBClient = newClient()): Table {
  for (const name of unneededMiddleware) client.middlewareStack.remove(name);
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return new Table(documents, tableName);
}

function newClient(): DynamoDBClient {
  const credentials = defaultProvider();
  return new DynamoDBClient({
    maxAttempts: 4,
    // With a provider of its own, the client resolves the credentials once instead of for each request.
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
