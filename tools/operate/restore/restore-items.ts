/** Writes the items that a table lacks. It overwrites none, so what was written since the backup stays as it is. */
import { ScanCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { connection } from '../../../shared/storage/entities/connection.ts';
import { subscription } from '../../../shared/storage/entities/subscription.ts';
import { ticket } from '../../../shared/storage/entities/ticket.ts';
import { isNew } from '../../../shared/storage/entity.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { keyOf } from '../../../shared/storage/keys.ts';
import { Table } from '../../../shared/storage/table.ts';
import { paceOf } from '../migrate/pace.ts';

/** Items of sockets that are closed by now, and of handshakes that never came: restoring them would show absent users. */
const endedEntities = [connection, subscription, ticket];

/** Writes that wait for an answer at the same time. */
const lanes = 16;

export interface RestoreOptions {
  client: DynamoDBDocumentClient;
  tableName: string;
  items: AsyncIterable<Item>;
  writesPerSecond: number;
  /** Called after every thousand items. */
  onProgress?(this: void, result: RestoreResult): void;
}

export interface RestoreResult {
  restored: number;
  /** Items that the table had under the same key, whatever they contain. */
  existing: number;
  /** Items of sockets and tickets, which are not restored. */
  left: number;
}

/** Rejects when a request fails. Running it again goes on, since what is there by then is not written again. */
export async function restoreItems(options: RestoreOptions): Promise<RestoreResult> {
  const { client, tableName, items, writesPerSecond, onProgress } = options;
  const table = new Table(client, tableName);
  const { take } = paceOf(writesPerSecond);
  const result: RestoreResult = { restored: 0, existing: 0, left: 0 };
  const iterator = items[Symbol.asyncIterator]();
  const failures: unknown[] = [];

  async function writeItem(item: Item): Promise<void> {
    if (endedEntities.some((entity) => entity.partsOf(keyOf(item)) !== undefined)) {
      result.left += 1;
      return;
    }
    await take(1);
    const { ok } = await table.put(item, isNew);
    if (ok) result.restored += 1;
    else result.existing += 1;
  }

  async function runLane(): Promise<void> {
    while (failures.length === 0) {
      const next = await iterator.next();
      if (next.done === true) return;
      await writeItem(next.value).catch((error: unknown) => {
        // The other lanes stop at their next item.
        failures.push(error);
        throw error;
      });
      if ((result.restored + result.existing + result.left) % 1_000 === 0) onProgress?.({ ...result });
    }
  }

  const settled = await Promise.allSettled(Array.from({ length: lanes }, runLane));
  const failed = settled.find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return result;
}

/** Whether the table has no item at all. */
export async function isEmpty(client: DynamoDBDocumentClient, tableName: string): Promise<boolean> {
  const { Items, LastEvaluatedKey } = await client.send(new ScanCommand({ TableName: tableName, Limit: 1 }));
  return (Items ?? []).length === 0 && LastEvaluatedKey === undefined;
}
