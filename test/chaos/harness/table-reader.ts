/**
 * Reads the items of the table as they are stored, with the keys of docs/access-patterns.md written by hand. It
 * shares no code with what is tested, so that the two cannot be wrong in the same way.
 */

import { DynamoDBClient, GetItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** An item with all its attributes, as plain values. */
export type RawItem = Record<string, any> & { pk: string; sk: string };

/** An entry of a room's log. `kind` is message, edit, delete, member_added, … or void. */
export type RawEntry = RawItem & { kind: string; seq: number };

export interface TableReader {
  /** Returns every entry of the room's log, by seq. */
  logOf(roomId: string): Promise<RawEntry[]>;
  headOf(roomId: string): Promise<RawItem | undefined>;
  /** Returns every item of a partition, by its sort key. */
  partition(pk: string): Promise<RawItem[]>;
  item(pk: string, sk: string): Promise<RawItem | undefined>;
  /** Returns every item whose partition key starts with `prefix`. Reads the whole table. */
  startingWith(prefix: string): Promise<RawItem[]>;
  close(): void;
}

export function openTableReader(endpoint: () => string, tableName: string): TableReader {
  let client: { address: string; client: DynamoDBClient } | undefined;

  /** Connects again after a restart, which changes the engine's address. */
  function connected(): DynamoDBClient {
    const address = endpoint();
    if (client?.address !== address) {
      client?.client.destroy();
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      client = {
        address,
        client: new DynamoDBClient({ endpoint: address, region: 'us-east-1', credentials, maxAttempts: 10 }),
      };
    }
    return client.client;
  }

  async function partition(pk: string): Promise<RawItem[]> {
    const found: RawItem[] = [];
    let from: Record<string, any> | undefined;
    do {
      const page = await connected().send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
          ConsistentRead: true,
          ExclusiveStartKey: from,
        }),
      );
      found.push(...(page.Items ?? []).map((item) => unmarshall(item) as RawItem));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return found;
  }

  async function item(pk: string, sk: string): Promise<RawItem | undefined> {
    const { Item } = await connected().send(
      new GetItemCommand({
        TableName: tableName,
        Key: { pk: { S: pk }, sk: { S: sk } },
        ConsistentRead: true,
      }),
    );
    return Item && (unmarshall(Item) as RawItem);
  }

  return {
    partition,
    item,
    async logOf(roomId) {
      const items = await partition(`LOG#${roomId}`);
      return items.filter(({ sk }) => /^\d{16}$/.test(sk)) as RawEntry[];
    },
    headOf: (roomId) => item(`ROOM#${roomId}`, 'HEAD'),
    async startingWith(prefix) {
      const found: RawItem[] = [];
      let from: Record<string, any> | undefined;
      do {
        const page = await connected().send(
          new ScanCommand({
            TableName: tableName,
            FilterExpression: 'begins_with(pk, :prefix)',
            ExpressionAttributeValues: { ':prefix': { S: prefix } },
            ConsistentRead: true,
            ExclusiveStartKey: from,
          }),
        );
        found.push(...(page.Items ?? []).map((raw) => unmarshall(raw) as RawItem));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return found;
    },
    close: () => client?.client.destroy(),
  };
}
