import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { openTable } from '../../../shared/storage/open-table.ts';

const named = (client: DynamoDBClient): string[] =>
  client.middlewareStack.identify().map((line) => line.split(' ')[0]!);

describe('the client of the table', () => {
  it('runs without the middleware that the project does not need', () => {
    const client = new DynamoDBClient({ region: 'us-east-1' });
    const before = named(client);
    openTable('table', client);
    const gone = before.filter((name) => !named(client).includes(name));
    expect(gone.toSorted()).toEqual([
      'getUserAgentMiddleware',
      'loggerMiddleware',
      'recursionDetectionMiddleware',
    ]);
  });
});
