/**
 * Deletes items whose time has passed, as DynamoDB's TTL does and the embedded engine does not. It learns the
 * times from the stream records that are read anyway, and from a slow scan for what they do not tell.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDbError, type DynamoDbClient } from '../engine/dynamodb-request.ts';
import type { Log } from '../log.ts';
import type { TableDefinition } from '../stack.ts';
import type { RawStreamRecord } from './stream-record.ts';

export interface ExpiredItemsOptions {
  table: TableDefinition;
  ttlAttribute: string;
  database: DynamoDbClient;
  log: Log;
  /** Milliseconds between two sweeps. */
  everyMs?: number;
  /** How long after its time an item is deleted at the earliest, in seconds. On AWS it may be days. */
  lateSeconds?: number;
}

export interface ExpiredItems {
  /** Learns from the record, and gives it back as it is to be delivered: a deletion of ours says whose it is. */
  see: (record: RawStreamRecord) => RawStreamRecord;
  /** Deletes what is due now; settles with how many items that were. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

type Key = Record<string, unknown>;
type Item = Record<string, { N?: string } | undefined>;

/** What is due later than this is left to a later scan, so that memory does not grow with the table. */
const horizonSeconds = 3_600;
const scanPageItems = 500;
/** Between two pages, so that a scan leaves most of the engine to the functions. */
const scanPauseMs = 50;
/** How long a deletion is recognised when its record comes. */
const rememberMs = 600_000;
/** As on AWS, what expired longer ago than this is taken for a mistake, and kept. */
const oldestSeconds = 5 * 365 * 86_400;

/** Begins to scan, and to sweep at intervals. */
export function watchExpiredItems(options: ExpiredItemsOptions): ExpiredItems {
  const { table, ttlAttribute, database, log, everyMs = 30_000, lateSeconds = 0 } = options;
  const primaryKey = (table.createTable.KeySchema as { AttributeName: string }[]).map(
    ({ AttributeName }) => AttributeName,
  );
  const due = new Map<string, { key: Key; ttl: number }>();
  /** Deletions under way or done, by key and time: until when they are remembered. */
  const deleted = new Map<string, number>();
  const closing = new AbortController();
  const { signal } = closing;

  const keyOf = (item: Item): Key => Object.fromEntries(primaryKey.map((name) => [name, item[name]]));
  const textOf = (key: Key): string => JSON.stringify(primaryKey.map((name) => key[name]));

  function learn(key: Key, item: Item | undefined): void {
    const ttl = Number(item?.[ttlAttribute]?.N ?? NaN);
    if (ttl <= nowSeconds() + horizonSeconds) due.set(textOf(key), { key, ttl });
    else due.delete(textOf(key));
  }

  async function remove(name: string, { key, ttl }: { key: Key; ttl: number }): Promise<boolean> {
    due.delete(name);
    const mark = `${name} ${ttl}`;
    deleted.set(mark, Date.now() + rememberMs);
    try {
      await database.call('DynamoDB_20120810.DeleteItem', {
        TableName: table.tableName,
        Key: key,
        // Given a longer life meanwhile, it stays.
        ConditionExpression: '#ttl = :ttl',
        ExpressionAttributeNames: { '#ttl': ttlAttribute },
        ExpressionAttributeValues: { ':ttl': { N: String(ttl) } },
      });
      return true;
    } catch (error) {
      deleted.delete(mark);
      const isOver = error instanceof DynamoDbError && error.name === 'ConditionalCheckFailedException';
      if (!isOver && !due.has(name)) due.set(name, { key, ttl });
      return false;
    }
  }

  async function sweep(): Promise<number> {
    const latest = nowSeconds() - lateSeconds;
    for (const [mark, until] of deleted) if (until < Date.now()) deleted.delete(mark);
    const expired = [...due].filter(([, { ttl }]) => ttl < latest && ttl >= latest - oldestSeconds);
    let count = 0;
    for (const [name, item] of expired) {
      if (signal.aborted) break;
      if (await remove(name, item)) count += 1;
    }
    return count;
  }

  async function scan(): Promise<void> {
    let from: Key | undefined;
    do {
      const page: { Items: Item[]; LastEvaluatedKey?: Key } = await database.call('DynamoDB_20120810.Scan', {
        TableName: table.tableName,
        Limit: scanPageItems,
        ProjectionExpression: [...primaryKey, ttlAttribute].map((_name, index) => `#${index}`).join(', '),
        ExpressionAttributeNames: Object.fromEntries(
          [...primaryKey, ttlAttribute].map((name, index) => [`#${index}`, name]),
        ),
        ...(from && { ExclusiveStartKey: from }),
      });
      for (const item of page.Items) if (item[ttlAttribute] !== undefined) learn(keyOf(item), item);
      from = page.LastEvaluatedKey;
      if (from !== undefined) await pause(scanPauseMs, signal);
    } while (from !== undefined && !signal.aborted);
  }

  async function repeat(everyMs: number, work: () => Promise<unknown>, atOnce: boolean): Promise<void> {
    if (!atOnce) await pause(everyMs, signal);
    while (!signal.aborted) {
      await work().catch((error: unknown) => log.debug(`expired items are not found: ${String(error)}`));
      await pause(everyMs, signal);
    }
  }

  const working = [repeat((horizonSeconds / 2) * 1000, scan, true), repeat(everyMs, sweep, false)];

  return {
    see(record) {
      const { Keys, NewImage, OldImage } = record.dynamodb;
      learn(Keys, NewImage as Item | undefined);
      if (record.eventName !== 'REMOVE') return record;
      const mark = `${textOf(Keys)} ${(OldImage as Item | undefined)?.[ttlAttribute]?.N}`;
      if (!deleted.has(mark)) return record;
      return { ...record, userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } };
    },
    sweep,
    async close() {
      closing.abort();
      await Promise.all(working);
    },
  };
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
