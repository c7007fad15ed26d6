/** Writes large logs directly to the engine, because the API would take minutes or refuse the values. */
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { LocalRuntime } from '../../local/start.ts';
import type { TestUser } from '../kit/users.ts';

export interface LogBuilder {
  /** Appends entries to the log of a room, and moves its head to the last one. */
  append(roomId: string, entries: readonly RawEntry[]): Promise<void>;
  put(item: Record<string, unknown>): Promise<void>;
  putMany(items: readonly Record<string, unknown>[]): Promise<void>;
  /** Whether the log of a room has any entry. */
  hasEntries(roomId: string): Promise<boolean>;
  close(): void;
}

/** The fields of one entry; its seq, time and message count are added. */
export type RawEntry = { kind: string } & Record<string, unknown>;

export const messageBy = (user: TestUser, content: string): RawEntry => ({
  kind: 'message',
  user_id: user.id,
  username: user.username,
  content,
});

export const editBy = (user: TestUser, targetSeq: number): RawEntry => ({
  kind: 'edit',
  user_id: user.id,
  username: user.username,
  target_seq: targetSeq,
});

export const voidEntry: RawEntry = { kind: 'void', was_message: false };

const itemsPerRequest = 25;
const requestsAtOnce = 8;

export function logBuilder({ engine, stack }: LocalRuntime): LogBuilder {
  const TableName = stack.table.tableName;
  const client = new DynamoDBClient({
    endpoint: engine.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const heads = new Map<string, { seq: number; taken: number }>();

  async function putMany(items: readonly Record<string, unknown>[]): Promise<void> {
    const parts = Array.from({ length: Math.ceil(items.length / itemsPerRequest) }, (_, at) =>
      items.slice(at * itemsPerRequest, (at + 1) * itemsPerRequest),
    );
    const lane = async (): Promise<void> => {
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
        const requests = part.map((item) => ({ PutRequest: { Item: marshall(item) } }));
        await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
      }
    };
    await Promise.all(Array.from({ length: requestsAtOnce }, lane));
  }

  return {
    putMany,
    put: async (item) => {
      await client.send(new PutItemCommand({ TableName, Item: marshall(item) }));
    },
    async append(roomId, entries) {
      const head = heads.get(roomId) ?? { seq: 0, taken: 0 };
      const at = Date.now() - 60_000;
      const items = entries.map((entry) => {
        head.seq += 1;
        if (entry.kind === 'message') head.taken += 1;
        const key = { pk: `LOG#${roomId}`, sk: String(head.seq).padStart(16, '0') };
        return { ...key, room_id: roomId, seq: head.seq, at, taken: head.taken, ...entry };
      });
      await putMany(items);
      heads.set(roomId, head);
      const lastMessage = entries.findLastIndex(({ kind }) => kind === 'message');
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: marshall({ pk: `ROOM#${roomId}`, sk: 'HEAD' }),
          UpdateExpression: 'SET seq = :seq, taken = :taken, last_message_seq = :last, last_at = :at',
          ExpressionAttributeValues: marshall({
            ':seq': head.seq,
            ':taken': head.taken,
            ':last': lastMessage === -1 ? head.seq : head.seq - entries.length + lastMessage + 1,
            ':at': at,
          }),
        }),
      );
    },
    async hasEntries(roomId) {
      const { Count = 0 } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: marshall({ ':pk': `LOG#${roomId}` }),
          Limit: 1,
        }),
      );
      return Count > 0;
    },
    close: () => client.destroy(),
  };
}
