import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { boundedClient } from '../../../shared/aws/bounded-client.ts';
import { sourcesUnder } from '../../source-files.ts';

const settings = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

const bounds = { tryMs: 100, maxTries: 3 };

describe('a client with bounds', () => {
  it.each([
    [
      'DynamoDB',
      (endpoint: string) =>
        boundedClient(bounds, (config) => new DynamoDBClient({ ...settings, endpoint, ...config })).send(
          new GetItemCommand({ TableName: 't', Key: { pk: { S: 'p' } } }),
        ),
    ],
    [
      'Lambda',
      (endpoint: string) =>
        boundedClient(bounds, (config) => new LambdaClient({ ...settings, endpoint, ...config })).send(
          new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event' }),
        ),
    ],
  ])('gives up %s when it does not answer, after every try', async (_, send) => {
    let requests = 0;
    const silent = createServer(() => (requests += 1)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await expect(send(endpoint)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(requests).toBe(3);
    silent.closeAllConnections();
    silent.close();
  });
});

it('is the only kind of client in functions and shared code', () => {
  const made = sourcesUnder('functions', 'shared').flatMap(({ path, text }) =>
    [...text.matchAll(/(\S+) new (?:\w+Client)\(([^)]*)\)/g)].map(([, before, options = '']) => ({
      path,
      isBounded:
        before === '=>' && /\bconfig\b/.test(options) && text.includes('boundedClient(bounds, (config)'),
    })),
  );
  expect(made.length).toBeGreaterThan(1);
  expect(made.filter(({ isBounded }) => !isBounded)).toEqual([]);
});
