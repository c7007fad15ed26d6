import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { logStore } from '../../../shared/storage/log-store.ts';
import { ann, start, uuid } from '../../kit/memory-chat/system.ts';
import type { MessageEntry } from '../../../shared/domain/model/log.ts';
import { key, useMockedTable } from './mocked-table.ts';

const { database, table } = useMockedTable();
const meta = { $metadata: {}, message: 'refused' };
const conflict = () => new TransactionConflictException(meta);

const canceled = (...codes: (string | { Code: string; Item: Record<string, unknown> })[]) =>
  new TransactionCanceledException({
    ...meta,
    CancellationReasons: codes.map((reason) =>
      typeof reason === 'string' ? { Code: reason } : { Code: reason.Code, Item: marshall(reason.Item) },
    ),
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

  it.each([
    'TransactionConflict',
    'ThrottlingError',
    'ProvisionedThroughputExceeded',
    'RequestLimitExceeded',
  ])('that is canceled by %s is tried again', async (code) => {
    database.on(TransactWriteCommand).rejectsOnce(canceled('None', code)).resolves({});
    expect(await table.transact(steps)).toEqual({ ok: true });
  });

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
