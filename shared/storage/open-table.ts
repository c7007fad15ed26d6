/** Opens the table with a DynamoDB client of its own. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { boundedClient } from '../aws/bounded-client.ts';
import { defaultProvider } from '../aws/environment-credentials.ts';
import { sdkSigner } from '../aws/sdk-signer.ts';
import { Table } from './table.ts';

/** A request that hangs is aborted and retried well within the time limit of a function. */
const bounds = { tryMs: 2_000, maxTries: 4 };

/**
 * Middleware that the SDK runs for each request and that nothing here needs: a user agent, a logger of its own, and a
 * header against loops that DynamoDB does not read. Without it, a request takes an eighth less CPU time.
 */
const unneededMiddleware = ['getUserAgentMiddleware', 'loggerMiddleware', 'recursionDetectionMiddleware'];

/** Returns the table of that name. */
export function openTable(tableName: string, client: DynamoDBClient = newClient()): Table {
  for (const name of unneededMiddleware) client.middlewareStack.remove(name);
  leaveThrottling(client);
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return new Table(documents, tableName);
}

function newClient(): DynamoDBClient {
  const credentials = defaultProvider();
  const signer = sdkSigner({ service: 'dynamodb', region: process.env['AWS_REGION'] ?? '', credentials });
  // With a provider of its own, the client resolves the credentials once instead of for each request.
  return boundedClient(bounds, (config) => new DynamoDBClient({ ...config, credentials, signer }));
}

/**
 * Leaves the retries of throttled requests to the table, which retries transactions that are throttled in the same way.
 * Both together would take up to nine times as long, which is longer than a function has.
 */
function leaveThrottling({ config }: DynamoDBClient): void {
  const { retryStrategy } = config;
  config.retryStrategy = async () => {
    const strategy = await retryStrategy();
    if (!('refreshRetryTokenForRetry' in strategy)) return strategy;
    return {
      acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
      recordSuccess: (token) => strategy.recordSuccess(token),
      async refreshRetryTokenForRetry(token, info) {
        // The SDK then throws the error of the request.
        if (info.errorType === 'THROTTLING') throw new Error('The table retries this');
        return strategy.refreshRetryTokenForRetry(token, info);
      },
    };
  };
}
