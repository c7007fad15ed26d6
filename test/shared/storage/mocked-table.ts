/** A table whose database is a mock, for the tests of what is sent to DynamoDB and how answers are read. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, vi } from 'vitest';
import { Table } from '../../../shared/storage/table.ts';

/** Mocks the database for the tests of one file, which start with an empty mock and without pauses between tries. */
export function useMockedTable() {
  const database = mockClient(DynamoDBDocumentClient);
  const table = new Table(DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'local' })), 'Chat');
  beforeEach(() => {
    database.reset();
    // The pauses between tries are over at once. Every mock is undone after the test.
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterAll(() => database.restore());
  return { database, table };
}

/** Returns one of many keys. */
export const key = (n: number): { pk: string; sk: string } => ({ pk: `k${n}`, sk: 's' });
