/**
 * Runs a migration while the table is in use. Every segment of the table is read page by page, and how far it was read is
 * stored after each page, so that a run that was interrupted goes on where it was.
 */
import { ScanCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  migrationCheckpoints,
  type MigrationCheckpoint,
} from '../../../shared/storage/entities/migration-checkpoint.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { keyOf } from '../../../shared/storage/keys.ts';
import { schemaVersion } from '../../../shared/storage/schema-version.ts';
import { Table } from '../../../shared/storage/table.ts';
import { changeItem, isPending } from './change-item.ts';
import type { Migration } from './migration.ts';
import { paceOf, type Pace } from './pace.ts';

export interface MigrationOptions {
  client: DynamoDBDocumentClient;
  tableName: string;
  /** How many parts of the table are read at the same time. A run that goes on keeps the number that it was started with. */
  segments: number;
  readUnitsPerSecond: number;
  writesPerSecond: number;
  /** Items that one page may touch. */
  pageItems?: number;
  /** Reads the whole table again, also what an earlier run has read. */
  restart?: boolean;
  /** Ends the run after the pages that are being read. */
  signal?: AbortSignal;
  /** Called after each page. */
  onPage?(this: void, checkpoint: MigrationCheckpoint): void;
}

export interface MigrationResult {
  read: number;
  changed: number;
  /** False when the signal ended the run. */
  isDone: boolean;
}

/** Rejects when a request to the table fails; what was done stays, and the next run goes on from there. */
export async function runMigration(
  migration: Migration,
  options: MigrationOptions,
): Promise<MigrationResult> {
  const table = new Table(options.client, options.tableName);
  const stored = migrationCheckpoints(table);
  const earlier = await stored.all(migration.name);
  if (options.restart === true) await stored.removeAll(migration.name, earlier);
  const checkpoints = options.restart === true || earlier.length === 0 ? firstCheckpoints(options) : earlier;
  // All are stored before the first page, so that an interrupted run knows the number of segments.
  if (checkpoints !== earlier)
    for (const checkpoint of checkpoints) await stored.put(migration.name, checkpoint);

  const reads = paceOf(options.readUnitsPerSecond);
  const writes = paceOf(options.writesPerSecond);
  const lanes = checkpoints.map((checkpoint) =>
    readSegment(checkpoint, { migration, options, table, reads, writes }),
  );
  // The lanes of a run that fails are waited for, so that nothing is written after it has ended.
  const settled = await Promise.allSettled(lanes);
  const failed = settled.find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const results = settled.flatMap((lane) => (lane.status === 'fulfilled' ? [lane.value] : []));
  return {
    read: results.reduce((sum, { read }) => sum + read, 0),
    changed: results.reduce((sum, { changed }) => sum + changed, 0),
    isDone: results.every(({ isDone }) => isDone),
  };
}

function firstCheckpoints({ segments }: MigrationOptions): MigrationCheckpoint[] {
  return Array.from({ length: segments }, (_, segment) => ({
    segment,
    segments,
    isDone: false,
    read: 0,
    changed: 0,
  }));
}

interface Run {
  migration: Migration;
  options: MigrationOptions;
  table: Table;
  reads: Pace;
  writes: Pace;
}

/** Reads one segment from its checkpoint on, and returns its last checkpoint. */
async function readSegment(from: MigrationCheckpoint, run: Run): Promise<MigrationCheckpoint> {
  const { migration, options, table, reads, writes } = run;
  const stored = migrationCheckpoints(table);
  let checkpoint = from;
  while (!checkpoint.isDone && options.signal?.aborted !== true) {
    const page = await readPage(checkpoint, run);
    let changed = 0;
    for (const item of page.items.filter((candidate) => isPending(migration, candidate))) {
      await writes.take(1);
      if (await changeItem(table, migration, item)) changed += 1;
    }
    const { afterPk: _pk, afterSk: _sk, ...counts } = checkpoint;
    checkpoint = {
      ...counts,
      ...(page.last === undefined ? { isDone: true } : { afterPk: page.last.pk, afterSk: page.last.sk }),
      read: checkpoint.read + page.read,
      changed: checkpoint.changed + changed,
    };
    await stored.put(migration.name, checkpoint);
    options.onPage?.(checkpoint);
    await reads.take(page.units);
  }
  return checkpoint;
}

/** Reads one page. The filter spares the transfer of most items, not the units that reading them takes. */
async function readPage(
  { segment, segments, afterPk, afterSk }: MigrationCheckpoint,
  { migration, options }: Run,
) {
  const { client, tableName, pageItems = 1_000 } = options;
  const { entity, toVersion } = migration;
  const { Items, LastEvaluatedKey, ScannedCount, ConsumedCapacity } = await client.send(
    new ScanCommand({
      TableName: tableName,
      Segment: segment,
      TotalSegments: segments,
      ...(afterPk !== undefined && { ExclusiveStartKey: { pk: afterPk, sk: afterSk } }),
      Limit: pageItems,
      // An item that was written just before must not be missed.
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :pk) AND (attribute_not_exists(#v) OR #v < :version)',
      ExpressionAttributeNames: { '#v': schemaVersion.name },
      ExpressionAttributeValues: { ':pk': entity.pk.split('{')[0], ':version': toVersion },
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  const items: Item[] = Items ?? [];
  return {
    items,
    last: LastEvaluatedKey === undefined ? undefined : keyOf(LastEvaluatedKey),
    read: ScannedCount ?? items.length,
    units: ConsumedCapacity?.CapacityUnits ?? 0,
  };
}
