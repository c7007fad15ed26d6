import { BatchGetCommand, BatchWriteCommand, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { key, useMockedTable } from './mocked-table.ts';

const { database, table } = useMockedTable();

describe('several items', () => {
  it('are read once each, a hundred in a request, and unprocessed ones are requested again', async () => {
    const answered: number[] = [];
    database
      .on(BatchGetCommand)
      .callsFake((input: { RequestItems: Record<string, { Keys: { pk: string }[] }> }) => {
        const keys = input.RequestItems['Chat']!.Keys;
        answered.push(keys.length);
        const some = keys.slice(0, 60);
        const rest = keys.slice(60);
        return {
          Responses: { Chat: some },
          UnprocessedKeys: rest.length === 0 ? {} : { Chat: { Keys: rest } },
        };
      });
    const wanted = Array.from({ length: 150 }, (_, n) => key(n));
    const found = await table.getMany([...wanted, key(0), key(149)]);
    expect(new Set(found.map(({ pk }) => pk))).toEqual(new Set(wanted.map(({ pk }) => pk)));
    expect(found).toHaveLength(wanted.length);
    expect(answered.sort((a, b) => b - a)).toEqual([100, 50, 40]);
  });

  it('are deleted twenty-five in a request, and unprocessed ones are sent again', async () => {
    const deleted: string[] = [];
    database
      .on(BatchWriteCommand)
      .callsFake((input: { RequestItems: Record<string, { DeleteRequest: { Key: { pk: string } } }[]> }) => {
        const requests = input.RequestItems['Chat']!;
        expect(requests.length).toBeLessThanOrEqual(25);
        const done = requests.slice(0, 20);
        deleted.push(...done.map(({ DeleteRequest }) => DeleteRequest.Key.pk));
        return { UnprocessedItems: requests.length > 20 ? { Chat: requests.slice(20) } : {} };
      });
    await table.removeMany(Array.from({ length: 60 }, (_, n) => key(n)));
    expect(new Set(deleted).size).toBe(60);
    expect(deleted).toHaveLength(60);
  });

  it('cause try_again when the table keeps processing none of them', async () => {
    // Far beyond the bound, so that a test of an endless loop ends.
    let asked = 0;
    const refuse = (input: { RequestItems: object }, left: string) => {
      if ((asked += 1) > 50) throw new Error('asked without end');
      return { [left]: input.RequestItems };
    };
    database.on(BatchGetCommand).callsFake((input) => refuse(input, 'UnprocessedKeys'));
    database.on(BatchWriteCommand).callsFake((input) => refuse(input, 'UnprocessedItems'));
    await expect(table.getMany([key(1)])).rejects.toMatchObject({ code: 'try_again' });
    expect(database.commandCalls(BatchGetCommand)).toHaveLength(8);
    await expect(table.removeMany([key(1)])).rejects.toMatchObject({ code: 'try_again' });
    expect(database.commandCalls(BatchWriteCommand)).toHaveLength(8);
  });

  it('cause no request when there are none', async () => {
    expect(await table.getMany([])).toEqual([]);
    await table.removeMany([]);
    expect(database.calls()).toHaveLength(0);
  });
});

describe('a range', () => {
  it('is read page by page, up to its limit', async () => {
    const pages = [
      { Items: [{ n: 1 }, { n: 2 }], LastEvaluatedKey: key(2) },
      { Items: [], LastEvaluatedKey: key(3) },
      { Items: [{ n: 3 }, { n: 4 }] },
    ];
    database.on(QueryCommand).resolvesOnce(pages[0]!).resolvesOnce(pages[1]!).resolvesOnce(pages[2]!);
    expect(await table.all({ partition: 'p' })).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    const starts = database.commandCalls(QueryCommand).map(({ args }) => args[0].input.ExclusiveStartKey);
    expect(starts).toEqual([undefined, key(2), key(3)]);
    database.reset();
    database.on(QueryCommand).resolvesOnce(pages[0]!).resolvesOnce(pages[2]!);
    expect(await table.all({ partition: 'p', limit: 3 })).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('is read consistently from the table, and eventually consistently from the index', async () => {
    database.on(QueryCommand).resolves({ Items: [] });
    await table.page({ partition: 'p' });
    await table.page({ partition: 'p', index: 'lookup' });
    expect(database.commandCalls(QueryCommand).map(({ args }) => args[0].input.ConsistentRead)).toEqual([
      true,
      false,
    ]);
  });
});

describe('reading one item', () => {
  it('is consistent by default', async () => {
    database.on(GetCommand).resolves({});
    expect(await table.get(key(1))).toBeUndefined();
    await table.get(key(1), { consistent: false });
    expect(database.commandCalls(GetCommand).map(({ args }) => args[0].input.ConsistentRead)).toEqual([
      true,
      false,
    ]);
  });
});
