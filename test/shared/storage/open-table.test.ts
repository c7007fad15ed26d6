import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
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

  it.each([
    [
      'nine times in all when the table is throttled',
      'ProvisionedThroughputExceededException',
      400,
      9,
      'ChatError',
    ],
    ['four times in all when the service fails', 'InternalServerError', 500, 4, 'InternalServerError'],
  ])('sends a request %s', async (_, name, status, tries, error) => {
    let requests = 0;
    const database = createServer((_request, response) => {
      requests += 1;
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}` }));
    });
    await new Promise<void>((resolve) => database.listen(0, '127.0.0.1', resolve));
    const { port } = database.address() as AddressInfo;
    const client = new DynamoDBClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      endpoint: `http://127.0.0.1:${port}`,
      maxAttempts: 4,
    });
    // The pauses between tries are over at once.
    vi.spyOn(Math, 'random').mockReturnValue(0);
    await expect(openTable('table', client).get({ pk: 'a', sk: 'b' })).rejects.toMatchObject({ name: error });
    expect(requests).toBe(tries);
    client.destroy();
    database.close();
  });
});
