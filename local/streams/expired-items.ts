/**
 * Deletes items whose TTL has passed, because the embedded engine does not. It learns the TTLs from
 * passing stream records, and from a slow scan that finds the items of older records.
 */

import { DynamoDbError, type DynamoDbClient } from '../engine/dynamodb-request.ts';
import type { Log } from '../log.ts';
import type { TableDefinition } from '../stack.ts';
import { pause } from '../pause.ts';
import type { RawStreamRecord } from './stream-record.ts';

export interface ExpiredItemsOptions {
  table: TableDefinition;
  ttlAttribute: string;
  database: DynamoDbClient;
  log: Log;
  sweepIntervalMs?: number;
  /** The minimum time that an item stays after its TTL; on AWS it may stay for days. */
  graceSeconds?: number;
}

export interface ExpiredItems {
  /**
   * Reads the TTL of a record's item. Returns the record to deliver: like DynamoDB's, the record of a TTL
   * deletion names the service as its author.
   */
  observe: (record: RawStreamRecord) => RawStreamRecord;
  /** Deletes all items that have expired; resolves with their number. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

type Key = Record<string, unknown>;
type Item = Record<string, { N?: string } | undefined>;

/** Items that expire later are left to the next scan, so that memory does not grow with the table. */
const horizonSeconds = 3_600;
const scanPageItems = 500;
/** The pause between two pages, so that a scan leaves most of the engine's capacity to the functions. */
const scanPauseMs = 50;
/** How long a deletion is remembered, to recognize its stream record. */
const rememberMs = 600_000;
/** DynamoDB keeps items whose TTL lies further in the past than five years. */
const maxTtlAgeSeconds = 5 * 365 * 86_400;

/** Starts to scan and to sweep at intervals. */
export function watchExpiredItems(options: ExpiredItemsOptions): ExpiredItems {
  const { table, ttlAttribute, database, log, sweepIntervalMs = 30_000, graceSeconds = 0 } = options;
  const primaryKey = (table.createTable.KeySchema as { AttributeName: string }[]).map(
    ({ AttributeName }) => AttributeName,
  );
  const due = new Map<string, { key: Key; ttl: number }>();
  /** When each deletion is forgotten (milliseconds since the epoch), by key and TTL. */
  const deleted = new Map<string, number>();
  const closing = new AbortController();
  const { signal } = closing;

  const keyOf = (item: Item): Key => Object.fromEntries(primaryKey.map((name) => [name, item[name]]));
  const textOf = (key: Key): string => JSON.stringify(primaryKey.map((name) => key[name]));

  function track(key: Key, item: Item | undefined): void {
    const ttl = Number(item?.[ttlAttribute]?.N ?? NaN);
    if (ttl <= nowSeconds() + horizonSeconds) due.set(textOf(key), { key, ttl });
    else due.delete(textOf(key));
  }

  async function remove(keyText: string, { key, ttl }: { key: Key; ttl: number }): Promise<boolean> {
    due.delete(keyText);
    const deletion = `${keyText} ${ttl}`;
    deleted.set(deletion, Date.now() + rememberMs);
    try {
      await database.call('DynamoDB_20120810.DeleteItem', {
        TableName: table.tableName,
        Key: key,
        // The item stays when its TTL has been extended in the meantime.
        ConditionExpression: '#ttl = :ttl',
        ExpressionAttributeNames: { '#ttl': ttlAttribute },
        ExpressionAttributeValues: { ':ttl': { N: String(ttl) } },
      });
      return true;
    } catch (error) {
      deleted.delete(deletion);
      const hasChanged = error instanceof DynamoDbError && error.name === 'ConditionalCheckFailedException';
      if (!hasChanged && !due.has(keyText)) due.set(keyText, { key, ttl });
      return false;
    }
  }

  async function sweep(): Promise<number> {
    const latest = nowSeconds() - graceSeconds;
    for (const [deletion, until] of deleted) if (until < Date.now()) deleted.delete(deletion);
    const expired = [...due].filter(([, { ttl }]) => ttl < latest && ttl >= latest - maxTtlAgeSeconds);
    let count = 0;
    for (const [keyText, item] of expired) {
      if (signal.aborted) break;
      if (await remove(keyText, item)) count += 1;
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
      for (const item of page.Items) if (item[ttlAttribute] !== undefined) track(keyOf(item), item);
      from = page.LastEvaluatedKey;
      if (from !== undefined) await pause(scanPauseMs, signal);
    } while (from !== undefined && !signal.aborted);
  }

  async function repeat(intervalMs: number, work: () => Promise<unknown>): Promise<void> {
    while (!signal.aborted) {
      await work().catch((error: unknown) => log.debug(`Expired items could not be found: ${String(error)}`));
      await pause(intervalMs, signal);
    }
  }

  const working = [
    repeat((horizonSeconds / 2) * 1000, scan),
    pause(sweepIntervalMs, signal).then(() => repeat(sweepIntervalMs, sweep)),
  ];

  return {
    observe(record) {
      const { Keys, NewImage, OldImage } = record.dynamodb;
      track(Keys, NewImage as Item | undefined);
      if (record.eventName !== 'REMOVE') return record;
      const deletion = `${textOf(Keys)} ${(OldImage as Item | undefined)?.[ttlAttribute]?.N}`;
      if (!deleted.has(deletion)) return record;
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
