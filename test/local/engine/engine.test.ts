import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAlive } from '../../../local/data-directory.ts';
import { createDynamoDbClient, type DynamoDbClient } from '../../../local/engine/dynamodb-request.ts';
import { startEngine, type Engine } from '../../../local/engine/engine.ts';
import { prepareTable } from '../../../local/engine/prepare-table.ts';
import { createLog } from '../../../local/log.ts';
import type { TableDefinition } from '../../../local/stack.ts';

const table: TableDefinition = {
  logicalId: 'Table',
  tableName: 'Notes',
  ttlAttribute: 'ttl',
  createTable: {
    TableName: 'Notes',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'kind', AttributeType: 'S' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byKind',
        KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['b', 'a'] },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  },
};

let dataDirectory: string;
let warnings: string[];
const closers: (() => unknown)[] = [];

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'engine-'));
  warnings = [];
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(dataDirectory, { recursive: true, force: true });
});

async function start(options: { fresh?: boolean; consumedUpTo?: Map<string, number> } = {}) {
  const log = createLog('normal', undefined, (line) => warnings.push(line));
  const environment = { PATH: process.env['PATH'] };
  const engine = await startEngine({
    dataDirectory,
    fresh: false,
    consumedUpTo: new Map(),
    log,
    environment,
    ...options,
  });
  const { endpoint, credentials } = engine;
  const database = createDynamoDbClient({ endpoint, region: 'us-east-1', credentials });
  closers.push(
    () => engine.stop(),
    () => database.close(),
  );
  return { engine, database };
}

const put = (database: DynamoDbClient, pk: string) =>
  database.call('DynamoDB_20120810.PutItem', { TableName: 'Notes', Item: { pk: { S: pk } } });

async function get(database: DynamoDbClient, pk: string): Promise<unknown> {
  const input = { TableName: 'Notes', Key: { pk: { S: pk } } };
  return (await database.call<{ Item?: unknown }>('DynamoDB_20120810.GetItem', input)).Item;
}

async function sequenceNumbers(database: DynamoDbClient, streamArn: string | undefined): Promise<number[]> {
  const stream = 'DynamoDBStreams_20120810';
  const described = await database.call<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
    `${stream}.DescribeStream`,
    {
      StreamArn: streamArn,
    },
  );
  const { ShardIterator } = await database.call<{ ShardIterator: string }>(`${stream}.GetShardIterator`, {
    StreamArn: streamArn,
    ShardId: described.StreamDescription.Shards[0]!.ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const { Records } = await database.call<{ Records: { dynamodb: { SequenceNumber: string } }[] }>(
    `${stream}.GetRecords`,
    {
      ShardIterator,
    },
  );
  return Records.map(({ dynamodb }) => Number(dynamodb.SequenceNumber));
}

async function untilRestarted(engine: Engine, previous: number | undefined): Promise<void> {
  await vi.waitFor(() => expect(engine.pid()).not.toBe(previous), { timeout: 5_000 });
}

describe('the embedded engine', () => {
  it('keeps its data between runs, and deletes it with the option fresh', async () => {
    const first = await start();
    await prepareTable(table, first.database);
    await put(first.database, 'kept');
    await first.engine.stop();

    const second = await start();
    await prepareTable(table, second.database);
    expect(await get(second.database, 'kept')).toEqual({ pk: { S: 'kept' } });
    await second.engine.stop();

    const third = await start({ fresh: true });
    await prepareTable(table, third.database);
    expect(await get(third.database, 'kept')).toBeUndefined();
  });

  it('is restarted with the same data when it dies, and logs a warning', async () => {
    const { engine, database } = await start();
    await prepareTable(table, database);
    await put(database, 'kept');
    const previous = engine.pid()!;
    process.kill(previous, 'SIGKILL');
    await untilRestarted(engine, previous);
    expect(await get(database, 'kept')).toEqual({ pk: { S: 'kept' } });
    expect(warnings.join('')).toContain('is restarted');
  });

  it('is given up after six deaths within a minute', async () => {
    const { engine } = await start();
    for (let death = 0; death < 5; death += 1) {
      const previous = engine.pid()!;
      process.kill(previous, 'SIGKILL');
      await untilRestarted(engine, previous);
    }
    process.kill(engine.pid()!, 'SIGKILL');
    await expect(engine.failed).resolves.toContain('died');
  });

  it('leaves no process behind when stopped', async () => {
    const { engine } = await start();
    const pid = engine.pid()!;
    expect(isAlive(pid)).toBe(true);
    await engine.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('has an index of the sequence numbers after the first start', async () => {
    const { engine } = await start();
    await engine.stop();
    const { Database } = await createRequire(import.meta.url)('sql.js')();
    const file = new Database(readFileSync(join(dataDirectory, 'dynamodb.db')));
    const [plan] = file.exec(
      `EXPLAIN QUERY PLAN SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = 'Notes'`,
    );
    expect(JSON.stringify(plan)).toContain('stream_records_by_sequence');
    file.close();
  });

  it('deletes the stream records that all functions have processed, but continues to count from the newest', async () => {
    const first = await start();
    const { streamArn } = await prepareTable(table, first.database);
    for (const pk of ['a', 'b', 'c', 'd']) await put(first.database, pk);
    await first.engine.stop();

    const second = await start({ consumedUpTo: new Map([['Notes', 2]]) });
    expect(await sequenceNumbers(second.database, streamArn)).toEqual([3, 4]);
    await second.engine.stop();

    const third = await start({ consumedUpTo: new Map([['Notes', 4]]) });
    await put(third.database, 'e');
    expect(await sequenceNumbers(third.database, streamArn)).toEqual([4, 5]);
  });
});

describe("the template's table", () => {
  it('is created with its TTL, and accepted unchanged at the next start', async () => {
    const { database } = await start();
    const created = await prepareTable(table, database);
    expect(created.streamArn).toContain('Notes');
    const timeToLive = await database.call('DynamoDB_20120810.DescribeTimeToLive', { TableName: 'Notes' });
    expect(timeToLive).toMatchObject({
      TimeToLiveDescription: { AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' },
    });
    expect(await prepareTable(table, database)).toEqual(created);
  });

  it('is rejected when the existing table has a different schema', async () => {
    const { database } = await start();
    await prepareTable(table, database);
    const { GlobalSecondaryIndexes: _without, ...createTable } = table.createTable;
    await expect(prepareTable({ ...table, createTable }, database)).rejects.toThrow('--fresh');
  });
});

describe('an external endpoint', () => {
  it('is used with the credentials of the environment, and no engine is started', async () => {
    const environment = {
      DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
    };
    const engine = await startEngine({
      dataDirectory,
      fresh: false,
      consumedUpTo: new Map(),
      log: createLog(),
      environment,
    });
    expect(engine.endpoint).toBe('http://127.0.0.1:8000');
    expect(engine.credentials).toEqual({ accessKeyId: 'id', secretAccessKey: 'key' });
    expect(engine.pid()).toBeUndefined();
  });
});
