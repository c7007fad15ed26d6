import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changeExpression } from '../../../shared/storage/change-expression.ts';
import { logStore } from '../../../shared/storage/log-store.ts';
import { Table } from '../../../shared/storage/table.ts';
import { ann, start, uuid } from '../../kit/memory-chat/system.ts';
import type { MessageEntry } from '../../../shared/domain/model/log.ts';

const database = mockClient(DynamoDBDocumentClient);
afterAll(() => database.restore());
const table = new Table(DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'local' })), 'Chat');
const key = (n: number) => ({ pk: `k${n}`, sk: 's' });
const meta = { $metadata: {}, message: 'refused' };

const conflict = () => new TransactionConflictException(meta);
const canceled = (...codes: (string | { Code: string; Item: Record<string, unknown> })[]) =>
  new TransactionCanceledException({
    ...meta,
    CancellationReasons: codes.map((reason) =>
      typeof reason === 'string' ? { Code: reason } : { Code: reason.Code, Item: marshall(reason.Item) },
    ),
  });

beforeEach(() => {
  database.reset();
  // The pauses between tries are over at once.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a write that conflicts with a transaction', () => {
  it('is retried', async () => {
    database.on(PutCommand).rejectsOnce(conflict()).rejectsOnce(conflict()).resolves({});
    expect(await table.put(key(1))).toEqual({ ok: true, item: key(1) });
    expect(database.commandCalls(PutCommand)).toHaveLength(3);
  });

  it('is not retried forever: its error is thrown', async () => {
    database.on(UpdateCommand).rejects(conflict());
    await expect(table.update(key(1), { set: { a: 1 } })).rejects.toBeInstanceOf(
      TransactionConflictException,
    );
    expect(database.commandCalls(UpdateCommand)).toHaveLength(9);
  });

  it('waits for a random time that grows with each retry', async () => {
    const waits: number[] = [];
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, ms: number) => {
      waits.push(ms);
      work();
    }) as typeof setTimeout);
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    database
      .on(PutCommand)
      .rejectsOnce(conflict())
      .rejectsOnce(conflict())
      .rejectsOnce(conflict())
      .resolves({});
    await table.put(key(1));
    expect(waits).toEqual([10, 20, 40]);
  });
});

describe('a transaction', () => {
  const steps = [{ put: key(1) }, { remove: key(2) }];

  it.each(['TransactionConflict', 'ThrottlingError'])(
    'that is canceled by %s is tried again',
    async (code) => {
      database.on(TransactWriteCommand).rejectsOnce(canceled('None', code)).resolves({});
      expect(await table.transact(steps)).toEqual({ ok: true });
    },
  );

  it('is not retried forever: its error is thrown', async () => {
    database.on(TransactWriteCommand).rejects(canceled('TransactionConflict', 'None'));
    await expect(table.transact(steps)).rejects.toBeInstanceOf(TransactionCanceledException);
    expect(database.commandCalls(TransactWriteCommand)).toHaveLength(9);
  });

  it('returns for each step whether its condition failed, with the existing item, also next to conflicts', async () => {
    const reason = { Code: 'ConditionalCheckFailed', Item: { pk: 'there' } };
    database.on(TransactWriteCommand).rejects(canceled('TransactionConflict', reason));
    expect(await table.transact(steps)).toEqual({
      ok: false,
      failed: [undefined, { item: { pk: 'there' } }],
    });
    expect(database.commandCalls(TransactWriteCommand)).toHaveLength(1);
  });

  it('throws an error of any other kind', async () => {
    database.on(TransactWriteCommand).rejects(canceled('ValidationError', 'None'));
    await expect(table.transact(steps)).rejects.toBeInstanceOf(TransactionCanceledException);
    expect(database.commandCalls(TransactWriteCommand)).toHaveLength(1);
  });
});

describe('a condition that fails', () => {
  it('is returned with the existing item', async () => {
    const failed = new ConditionalCheckFailedException({ ...meta, Item: marshall({ pk: 'there' }) });
    database.on(PutCommand).rejects(failed);
    expect(await table.put(key(1), { if: 'x' })).toEqual({ ok: false, item: { pk: 'there' } });
  });

  it('is not confused with other errors, which are thrown', async () => {
    database.on(PutCommand).rejects(new Error('the wire was cut'));
    await expect(table.put(key(1), { if: 'x' })).rejects.toThrow('the wire was cut');
  });
});

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

describe('a write whose response was lost', () => {
  const log = logStore(table);
  const entry: MessageEntry = {
    kind: 'message',
    roomId: uuid(1),
    seq: 7,
    at: start,
    messageSeqs: 7,
    outbox: false,
    userId: ann.userId,
    username: 'ann',
    content: 'hi',
    isDeleted: false,
  };

  it("counts as stored when the retry finds the writer's own entry", async () => {
    database
      .on(PutCommand)
      .rejects(new ConditionalCheckFailedException({ ...meta, Item: marshall({ kind: 'message', seq: 7 }) }));
    expect(await log.putMessage(entry, 'hash')).toEqual({ stored: true });
  });

  it('does not count as stored when a void entry has its seq', async () => {
    database
      .on(PutCommand)
      .rejects(new ConditionalCheckFailedException({ ...meta, Item: marshall({ kind: 'void', seq: 7 }) }));
    expect(await log.putMessage(entry, 'hash')).toEqual({ stored: false, reason: 'seq_taken' });
  });

  it('counts as stored for a send with a client_id when the send key names its seq', async () => {
    const own = (Item: Record<string, unknown>) => ({ Code: 'ConditionalCheckFailed', Item });
    database
      .on(TransactWriteCommand)
      .rejects(canceled(own({ kind: 'message', seq: 7 }), own({ seq: 7, content_hash: 'hash' })));
    expect(await log.putMessage({ ...entry, clientId: 'c' }, 'hash')).toEqual({ stored: true });
  });
});

describe('an update expression', () => {
  it('has one placeholder for each attribute', () => {
    expect(changeExpression({ set: { name: 1, 'rooms.x.y': 2 }, add: { name: 3 } })).toEqual({
      expression: 'SET #n0 = :v0, #n1.#n2.#n3 = :v1 ADD #n0 :v2',
      names: { '#n0': 'name', '#n1': 'rooms', '#n2': 'x', '#n3': 'y' },
      values: { ':v0': 1, ':v1': 2, ':v2': 3 },
    });
  });

  it('keeps list indexes outside of the placeholders', () => {
    expect(changeExpression({ remove: ['seqs[0]', 'a.seqs[1][2]'] })).toEqual({
      expression: 'REMOVE #n0[0], #n1.#n0[1][2]',
      names: { '#n0': 'seqs', '#n1': 'a' },
      values: {},
    });
  });

  it('leaves out undefined values', () => {
    expect(changeExpression({ set: { a: undefined, b: null } }).expression).toBe('SET #n0 = :v0');
  });

  it('may set an attribute from the current value of another one', () => {
    const { expression } = changeExpression({
      increment: { last: { from: 'seq', by: 1 } },
      append: { seqs: [5] },
    });
    expect(expression).toBe(
      'SET #n0 = if_not_exists(#n1, :v0) + :v1, #n2 = list_append(if_not_exists(#n2, :v2), :v3)',
    );
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
