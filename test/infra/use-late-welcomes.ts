/** Uses every permission that a welcome needs that the table stream has handed on. */
import { PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { encodeAttachmentId } from '../../shared/domain/files/attachment-id.ts';
import { parseConnection } from '../../shared/storage/entities/connection.ts';
import { filesOf } from '../kit/files.ts';
import { connectionsPerUser, type AuditedRuntime } from './audited-runtime.ts';
import type { User } from './use-sockets.ts';

/** More than the subscriptions of one shard. */
const manySubscriptions = 600;

export async function useLateWelcomes(
  runtime: AuditedRuntime,
  { id, access }: Pick<User, 'id' | 'access'>,
): Promise<void> {
  const { call, open, invoke, database, tableName: TableName } = runtime;
  const { room_id: roomId } = await call('POST', '/chat/rooms/create/', access, { room_name: 'late' });
  const socket = open('/ws/chat/late/', access);
  await socket.received('history_end');
  await leaveFile(runtime, { id, access }, roomId);
  await leaveEditAndGap(runtime, access, roomId);
  const { Items = [] } = await database.send(
    new ScanCommand({
      TableName,
      FilterExpression: 'sk = :conn AND user_id = :user',
      ExpressionAttributeValues: { ':conn': 'CONN', ':user': id },
    }),
  );
  const item = Items.find((one) => roomId in parseConnection(one).rooms)!;
  const connection = parseConnection(item);
  // Its handshake seems to be unanswered, so its welcome is handed on.
  await database.send(
    new PutCommand({
      TableName,
      Item: {
        ...item,
        pk: 'CONN#AbortedSocket0o=',
        connection_id: 'AbortedSocket0o=',
        opened_at: Date.now() - 8_000,
      },
    }),
  );
  const past = Date.now() - 60_000;
  const later = Date.now() + 3_600_000;
  const subscriber = { user_id: 'u', username: 'u', session_id: 's', joined_at: past, opened_at: past };
  const put = (pk: string, sk: string, more: object) =>
    database.send(
      new PutCommand({
        TableName,
        Item: { pk, sk, ...subscriber, lease_ends_at: later, token_ends_at: later, ...more },
      }),
    );
  for (let made = 0; made < connectionsPerUser; made += 1)
    await put(`LIVE#${id}#0`, Buffer.from(`more ${made}`).toString('base64'), {
      user_id: id,
      opened_at: later,
    });
  await invoke('welcome', { ...connection, joinsRoom: true, after: 0 });
  await socket.received('history_end', 2);
  for (let made = 0; made < manySubscriptions; made += 1)
    await put(`LIVE#${roomId}#0`, Buffer.from(`many ${made}`).toString('base64'), { lease_ends_at: past });
  await invoke('welcome', connection);
  await invoke('welcome', { ...connection, connectionId: 'bm9uZQ==', openedAtMs: past });
  socket.close();
}

/** Leaves a message with a file. */
async function leaveFile(
  { call, local }: AuditedRuntime,
  { id: userId, access }: Pick<User, 'id' | 'access'>,
  roomId: string,
): Promise<void> {
  const files = filesOf(local);
  const upload = await files.declare({ roomId, userId, declaredSize: 1 });
  const file = { folder: upload.uploadKey, type: 'application/octet-stream', size: 1 };
  await files.uploads.settle(upload, { file });
  files.close();
  const attachments = [encodeAttachmentId(upload)];
  await call('POST', `/chat/rooms/${roomId}/messages/`, access, { content: '', attachments });
}

/** Leaves an edited message, and a seq that its writer seems to have taken long ago without storing an entry. */
async function leaveEditAndGap(
  { call, database, tableName: TableName }: AuditedRuntime,
  access: string,
  roomId: string,
): Promise<void> {
  const message = await call('POST', `/chat/rooms/${roomId}/messages/`, access, { content: 'hi' });
  await call('PATCH', `/chat/messages/${message.message_id}/edit/`, access, { content: 'hello' });
  await database.send(
    new UpdateCommand({
      TableName,
      Key: { pk: `ROOM#${roomId}`, sk: 'HEAD' },
      UpdateExpression: 'SET last_at = :past ADD seq :one',
      ExpressionAttributeValues: { ':past': Date.now() - 60_000, ':one': 1 },
    }),
  );
}
