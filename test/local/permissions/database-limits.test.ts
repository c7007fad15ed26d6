import { describe, expect, it } from 'vitest';
import { databaseRefusal } from '../../../local/permissions/database-limits.mjs';

const context = {
  partitionKeys: { Chat: { '': 'pk', lookup: 'lookup_pk' } },
  indexKeyBytes: { Chat: { lookup_pk: 2_048, lookup_sk: 1_024 } },
};
const refusal = (operation: string, input: object) =>
  databaseRefusal(operation, { TableName: 'Chat', ...input }, context);

describe('a query', () => {
  const query = (ExclusiveStartKey: object | undefined, IndexName?: string) =>
    refusal('Query', {
      IndexName,
      KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
      ExpressionAttributeNames: { '#pk': IndexName === undefined ? 'pk' : 'lookup_pk', '#sk': 'sk' },
      ExpressionAttributeValues: { ':pk': { S: 'ROOM#1' }, ':prefix': { S: 'LOG#' } },
      ExclusiveStartKey,
    });

  it('may start within its partition', () => {
    expect(query(undefined)).toBeUndefined();
    expect(query({ pk: { S: 'ROOM#1' }, sk: { S: 'LOG#1' } })).toBeUndefined();
    expect(query({ pk: { S: 'x' }, lookup_pk: { S: 'ROOM#1' } }, 'lookup')).toBeUndefined();
  });

  it.each([undefined, 'lookup'])(
    'of the index %s is refused when it starts in another partition',
    (index) => {
      const elsewhere = { pk: { S: 'ROOM#2' }, sk: { S: 'LOG#1' }, lookup_pk: { S: 'ROOM#2' } };
      expect(query(elsewhere, index)).toContain('outside query boundaries');
    },
  );
});

describe('a write of a key of an index', () => {
  const long = (bytes: number) => ({ lookup_sk: { S: 'x'.repeat(bytes) } });
  const writes = (bytes: number): [string, object][] => [
    ['PutItem', { Item: long(bytes) }],
    [
      'UpdateItem',
      {
        UpdateExpression: 'SET #a = :a, #n = if_not_exists(#n, :zero)',
        ExpressionAttributeNames: { '#a': 'lookup_sk', '#n': 'n' },
        ExpressionAttributeValues: { ':a': long(bytes).lookup_sk, ':zero': { N: '0' } },
      },
    ],
    ['BatchWriteItem', { RequestItems: { Chat: [{ PutRequest: { Item: long(bytes) } }] } }],
    ['TransactWriteItems', { TransactItems: [{ Put: { TableName: 'Chat', Item: long(bytes) } }] }],
  ];

  it.each(writes(1_024))('of 1,024 bytes by %s is accepted', (operation, input) => {
    expect(refusal(operation, input)).toBeUndefined();
  });

  it.each(writes(1_025))('of one byte more by %s is refused', (operation, input) => {
    expect(refusal(operation, input)).toContain('lookup_sk is 1025 bytes');
  });

  it('counts bytes, and allows a partition key 2,048 of them', () => {
    const put = (lookup_pk: string) => refusal('PutItem', { Item: { lookup_pk: { S: lookup_pk } } });
    expect(put('é'.repeat(1_024))).toBeUndefined();
    expect(put('é'.repeat(1_025))).toContain('lookup_pk is 2050 bytes');
  });
});
