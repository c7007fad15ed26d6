/** Uses every permission that the functions need for sockets, in small and in large rooms. */
import { DeleteCommand, PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { connectionsPerUser, type AuditedRuntime } from './audited-runtime.ts';

export interface User {
  id: string;
  username: string;
  password: string;
  access: string;
  refresh: string;
}

export async function useSockets(runtime: AuditedRuntime, ann: User, bob: User): Promise<void> {
  const { call, open, database, tableName: TableName } = runtime;
  const lobby = open('/ws/chat/lobby/', ann.access);
  const { room_id: roomId } = await lobby.received('ready');
  await lobby.received('history_end');
  lobby.send({ type: 'message', content: 'hi', client_id: 'two' });
  const { message_id: messageId } = await lobby.received('ack');
  lobby.send({ type: 'edit', message_id: messageId, content: 'hello' });
  await lobby.received('message_edited');
  lobby.send({ type: 'history', after: 0 });
  await lobby.received('history_end', 2);
  lobby.send({ type: 'ping' });
  await lobby.received('pong');

  const { ticket } = await call('POST', '/chat/ws-ticket/', bob.access, { room: 'lobby' });
  const free = open(`/ws/?ticket=${ticket}`);
  await free.received('ready');
  free.send({ type: 'join', room: 'made-by-joining' });
  const { room_id: made } = await free.received('history_end');
  free.send({ type: 'join', room: roomId });
  await free.received('history_end', 2);
  free.send({ type: 'auth', token: bob.access });
  free.send({ type: 'typing', is_typing: true, room_id: roomId });
  await lobby.received('typing_indicator');
  free.send({ type: 'read', message_id: messageId, room_id: roomId });
  await lobby.received('message_read');
  free.send({ type: 'leave', room_id: made });
  await free.received('left');

  await addDeadSubscriptions(runtime, roomId, 0);
  lobby.send({ type: 'delete', message_id: messageId });
  await free.received('message_deleted');
  free.close();

  // The server closes a connection that it no longer knows.
  const stray = open('/ws/', ann.access);
  await stray.received('ready');
  for (const pk of await connectionsOf(runtime, ann.id))
    await database.send(new DeleteCommand({ TableName, Key: { pk, sk: 'CONN' } }));
  stray.send({ type: 'ping' });
  await stray.closed;
}

/** Opens one socket more than allowed, and makes a concurrent one appear older, so that newer ones are closed. */
export async function openTooManySockets(runtime: AuditedRuntime, { id, access }: User): Promise<void> {
  const { open, database, tableName: TableName } = runtime;
  const sockets = Array.from({ length: connectionsPerUser }, () => open('/ws/', access));
  for (const socket of sockets) await socket.received('ready');
  await open('/ws/', access).closed.catch(() => undefined);
  const [newest] = await connectionsOf(runtime, id);
  await database.send(
    new UpdateCommand({
      TableName,
      Key: { pk: `LIVE#${id}#0`, sk: newest!.slice('CONN#'.length) },
      UpdateExpression: 'SET opened_at = :later',
      ExpressionAttributeValues: { ':later': Date.now() + 60_000 },
    }),
  );
  const older = open('/ws/', access);
  await older.received('ready');
  for (const socket of [...sockets, older]) socket.close();
}

async function connectionsOf(
  { database, tableName: TableName }: AuditedRuntime,
  userId: string,
): Promise<string[]> {
  const { Items = [] } = await database.send(
    new ScanCommand({
      TableName,
      FilterExpression: 'sk = :conn AND user_id = :user',
      ExpressionAttributeValues: { ':conn': 'CONN', ':user': userId },
    }),
  );
  return Items.map(({ pk }) => String(pk));
}

/** Writes two subscriptions without a socket: the lease of one has ended, and the token of the other. */
async function addDeadSubscriptions(
  { database, tableName: TableName }: AuditedRuntime,
  roomId: string,
  shard: number,
): Promise<void> {
  const past = Date.now() - 60_000;
  const later = Date.now() + 60_000;
  const subscriber = { user_id: 'u', username: 'u', session_id: 's', joined_at: past, opened_at: past };
  for (const [sk, ends] of [
    ['bGVhc2U=', { lease_ends_at: past, token_ends_at: later }],
    ['dG9rZW4=', { lease_ends_at: later, token_ends_at: past }],
  ] as const) {
    const Item = { pk: `LIVE#${roomId}#${shard}`, sk, ...subscriber, ...ends };
    await database.send(new PutCommand({ TableName, Item }));
  }
}

/** Uses a room whose subscribers are spread over several shards. */
export async function useLargeRoom(runtime: AuditedRuntime, ann: User, bob: User): Promise<void> {
  const { call, database, tableName: TableName } = runtime;
  const request = { room_name: 'large', is_private: true };
  const { room_id: roomId } = await call('POST', '/chat/rooms/create/', ann.access, request);
  await call('POST', `/chat/rooms/${roomId}/members/add/`, ann.access, { user_id: bob.id });
  await addDeadSubscriptions(runtime, roomId, 3);
  await database.send(
    new UpdateCommand({
      TableName,
      Key: { pk: `ROOM#${roomId}`, sk: 'HEAD' },
      UpdateExpression: 'SET shards = :four',
      ExpressionAttributeValues: { ':four': 4 },
    }),
  );
  await call('POST', `/chat/rooms/${roomId}/messages/`, ann.access, { content: 'to many' });
}
