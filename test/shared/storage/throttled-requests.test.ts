import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Table } from '../../../shared/storage/table.ts';

const database = mockClient(DynamoDBDocumentClient);
afterAll(() => database.restore());
const table = new Table(DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'local' })), 'Chat');
const key = (n: number) => ({ pk: `k${n}`, sk: 's' });

beforeEach(() => {
  database.reset();
  // The pauses between tries are over at once.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

const throttlingNames = [
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
] as const;

describe.each(throttlingNames)('a request that is refused with %s', (name) => {
  const throttled = () => Object.assign(new Error('too fast'), { name });
  const requests = [
    ['get', GetCommand, () => table.get(key(1))],
    ['query', QueryCommand, () => table.page({ partition: 'p' })],
    ['put', PutCommand, () => table.put(key(1))],
    ['update', UpdateCommand, () => table.update(key(1), { set: { a: 1 } })],
    ['delete', DeleteCommand, () => table.remove(key(1))],
    ['transaction', TransactWriteCommand, () => table.transact([{ put: key(1) }])],
    ['batch of reads', BatchGetCommand, () => table.getMany([key(1)])],
    ['batch of writes', BatchWriteCommand, () => table.removeMany([key(1)])],
  ] as const;

  it.each(requests)('is sent again: a %s', async (_, command, send) => {
    database
      .on(command as typeof GetCommand)
      .rejectsOnce(throttled())
      .rejectsOnce(throttled())
      .resolves({});
    await send();
    expect(database.commandCalls(command as typeof GetCommand)).toHaveLength(3);
  });

  it.each(requests)('causes try_again when it stays refused: a %s', async (_, command, send) => {
    database.on(command as typeof GetCommand).rejects(throttled());
    await expect(send()).rejects.toMatchObject({ code: 'try_again' });
    expect(database.commandCalls(command as typeof GetCommand).length).toBeLessThan(10);
  });
});
