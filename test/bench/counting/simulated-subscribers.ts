/**
 * Stores subscribers without sockets. Opening a thousand real sockets would take the bench's whole time, and the cost
 * of a message does not depend on them. A post to such a subscriber is answered with 410.
 */

import { randomBytes, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { shardsFor } from '../../../shared/domain/connections/subscribers.ts';
import { forEachConcurrent } from '../../../shared/realtime/for-each-concurrent.ts';
import type { Table } from '../../../shared/storage/table.ts';
import { subscriptionStore } from '../../../shared/storage/entities/subscription.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { openTable } from '../../../shared/storage/open-table.ts';
import { roomStore } from '../../../shared/storage/room-store.ts';

export interface SubscriberTable {
  tableName: string;
  endpoint: string;
}

/** The maximum of one request. */
const batchSize = 25;
const hourMs = 3_600_000;

/** Adds simulated subscribers to a room beside its real ones, over the shards that a room of this size has. */
export async function addSubscribers(
  { tableName, endpoint }: SubscriberTable,
  roomId: string,
  { count, sockets }: { count: number; sockets: number },
): Promise<{ shards: number }> {
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  try {
    const db = openTable(tableName, client);
    const shards = shardsWhenGrown(count + sockets);
    if (shards > 1) await roomStore(db).addShards(roomId, 1, shards);
    const items = await itemsOf(roomId, count, shards);
    const documents = DynamoDBDocumentClient.from(client);
    const batches = Array.from({ length: Math.ceil(count / batchSize) }, (_, index) =>
      items.slice(index * batchSize, (index + 1) * batchSize),
    );
    await forEachConcurrent(batches, 4, async (batch) => {
      const puts = batch.map((Item) => ({ PutRequest: { Item } }));
      await documents.send(new BatchWriteCommand({ RequestItems: { [tableName]: puts } }));
    });
    return { shards };
  } finally {
    client.destroy();
  }
}

/** Returns the items that the store would write one by one. */
async function itemsOf(roomId: string, count: number, shards: number): Promise<Item[]> {
  const items: Item[] = [];
  const subscriptions = subscriptionStore({
    async put(item: Item) {
      items.push(item);
    },
  } as unknown as Table);
  for (let number = 0; number < count; number += 1)
    await subscriptions.add(roomId, subscriber(number % shards));
  return items;
}

function shardsWhenGrown(connections: number): number {
  let shards = 1;
  for (let next = shardsFor(connections, shards); next > shards; next = shardsFor(connections, shards)) {
    shards = next;
  }
  return shards;
}

function subscriber(shard: number) {
  const now = Date.now();
  return {
    connectionId: `${randomBytes(11).toString('base64url')}=`,
    userId: randomUUID(),
    username: `subscriber-${randomBytes(4).toString('hex')}`,
    sessionId: randomUUID(),
    shard,
    joinedAtMs: now,
    // In the future, so that the connection counts as young and a post that finds no socket does not remove it.
    openedAtMs: now + hourMs,
    leaseEndsAtMs: now + 2 * hourMs,
    tokenEndsAtMs: now + 2 * hourMs,
    batch: false,
    isSingleRoom: true,
  };
}
