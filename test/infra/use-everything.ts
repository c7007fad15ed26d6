/** Uses every permission of every function, so that permissions that nothing uses can be found. */
import { DeleteCommand, PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { connectionsPerUser, type AuditedRuntime } from './audited-runtime.ts';

interface User {
  id: string;
  username: string;
  password: string;
  access: string;
  refresh: string;
}

export async function useEverything(runtime: AuditedRuntime): Promise<void> {
  const names = ['ann', 'bob', 'cleo', 'dora'];
  const [ann, bob, cleo, dora] = await Promise.all(names.map((name) => signUp(runtime, name)));
  await useAccount(runtime, ann!);
  await Promise.all([
    useRooms(runtime, ann!, bob!),
    useSockets(runtime, ann!, bob!),
    openTooManySockets(runtime, dora!),
  ]);
  await useLargeRoom(runtime, ann!, bob!);
  await deleteAccount(runtime, cleo!, bob!);
  await signOut(runtime, ann!, bob!);
}

async function signUp({ call }: AuditedRuntime, username: string): Promise<User> {
  const login = { username, password: 'lantern-orbit-42' };
  const email = `${username}@chat.example`;
  const { id } = await call('POST', '/users/auth/register/', undefined, { ...login, email });
  return { id, ...login, ...(await call('POST', '/users/auth/login/', undefined, login)) };
}

async function useAccount(runtime: AuditedRuntime, { username, password, access }: User): Promise<void> {
  const { call } = runtime;
  await call('GET', '/users/?username=bo', access);
  await call('GET', '/users/auth/profile/', access);
  await call('PATCH', '/users/auth/profile/', access, { first_name: 'Ann' });
  await call('GET', '/users/auth/sessions/', access);
  await exhaustLoginFailures(runtime);
  const other = await call('POST', '/users/auth/login/', undefined, { username, password });
  const renewed = await call('POST', '/users/token/refresh/', undefined, { refresh: other.refresh });
  const change = { old_password: password, new_password: 'quiet-harbour-97' };
  await call('POST', '/users/auth/password/', access, change);
  await call('POST', '/users/auth/password/', access, {
    old_password: change.new_password,
    new_password: password,
  });
  await call('POST', '/users/auth/logout/', undefined, { refresh: renewed.refresh });
}

/** Sets the counters of failed logins beyond their limit, so that a login has to look up the user's known addresses. */
async function exhaustLoginFailures({ database, tableName: TableName }: AuditedRuntime): Promise<void> {
  const { Items = [] } = await database.send(
    new ScanCommand({
      TableName,
      FilterExpression: 'begins_with(pk, :login)',
      ExpressionAttributeValues: { ':login': 'LIMIT#login/' },
    }),
  );
  // The counters by username: those by address contain dots or colons, those by both contain another slash.
  const byUsername = Items.filter(({ pk }) => /^LIMIT#login\/[^/.:]+$/.test(String(pk)));
  for (const { pk, sk } of byUsername) {
    await database.send(
      new UpdateCommand({
        TableName,
        Key: { pk, sk },
        UpdateExpression: 'SET hits = :many',
        ExpressionAttributeValues: { ':many': 1_000_000 },
      }),
    );
  }
}

async function useRooms(runtime: AuditedRuntime, ann: User, bob: User): Promise<void> {
  const { call, open } = runtime;
  await call('POST', `/chat/dm/${bob.id}/`, ann.access);
  const request = { room_name: 'secret', is_private: true };
  const { room_id: roomId } = await call('POST', '/chat/rooms/create/', ann.access, request);
  const roomPath = `/chat/rooms/${roomId}`;
  await call('POST', `${roomPath}/members/add/`, ann.access, { user_id: bob.id });
  const socket = open('/ws/chat/secret/', bob.access);
  await socket.received('history_end');

  const message = { content: 'hi', client_id: 'one' };
  const { message_id: messageId } = await call('POST', `${roomPath}/messages/`, ann.access, message);
  await call('PATCH', `/chat/messages/${messageId}/edit/`, ann.access, { content: 'hello' });
  await socket.received('message_edited');
  await call('POST', `${roomPath}/read/`, bob.access, { message_id: messageId });
  await archiveSeqs(runtime, roomId);
  await call('GET', '/chat/rooms/mine/', ann.access);
  await call('DELETE', `/chat/messages/${messageId}/delete/`, ann.access);
  for (const path of ['/', '/messages/', '/messages/?after=0', '/members/', '/read/'])
    await call('GET', roomPath + path, ann.access);
  await call('GET', '/chat/rooms/');
  await call('PATCH', `${roomPath}/`, ann.access, { room_name: 'more-secret' });
  await beginRemoval(runtime, roomId, bob.id);
  await socket.closed;
  await call('POST', `${roomPath}/members/add/`, ann.access, { user_id: bob.id });
  const secondSocket = open('/ws/chat/more-secret/', bob.access);
  await secondSocket.received('history_end');
  await call('DELETE', `${roomPath}/members/remove/${bob.id}/`, ann.access);
  await secondSocket.closed;
  await call('DELETE', `${roomPath}/`, ann.access);
  const publicRoom = await call('POST', '/chat/rooms/create/', ann.access, { room_name: 'open' });
  await call('DELETE', `/chat/rooms/${publicRoom.room_id}/`, ann.access);
  await leaveToPurge(runtime);
}

/** Sets the room's head as if more messages had been deleted than it can list. */
async function archiveSeqs(
  { database, tableName: TableName }: AuditedRuntime,
  roomId: string,
): Promise<void> {
  await database.send(
    new UpdateCommand({
      TableName,
      Key: { pk: `ROOM#${roomId}`, sk: 'HEAD' },
      UpdateExpression: 'SET dead_archived_to = :one',
      ExpressionAttributeValues: { ':one': 1 },
    }),
  );
}

/** Writes the first step of a removal, as if the function had ended after it. */
async function beginRemoval(
  { database, tableName: TableName }: AuditedRuntime,
  roomId: string,
  userId: string,
): Promise<void> {
  await database.send(
    new UpdateCommand({
      TableName,
      Key: { pk: `ROOM#${roomId}`, sk: `MEMBER#${userId}` },
      UpdateExpression: 'SET removing_at = :then',
      ExpressionAttributeValues: { ':then': Date.now() },
    }),
  );
}

/** Writes a subscription as if its user had joined a room between its deletion and the last step of its purge. */
async function leaveToPurge({ database, tableName: TableName }: AuditedRuntime): Promise<void> {
  const roomId = crypto.randomUUID();
  for (const Item of [
    { pk: `ROOM#${roomId}`, sk: 'HEAD', room_id: roomId, seq: 1, shards: 1 },
    { pk: `LIVE#${roomId}#0`, sk: 'bGF0ZQ==' },
    { pk: `LOG#${roomId}`, sk: 'PURGE#1', kind: 'purge', room_id: roomId, step: 1, outbox: 'stream' },
  ])
    await database.send(new PutCommand({ TableName, Item }));
}

async function useSockets(runtime: AuditedRuntime, ann: User, bob: User): Promise<void> {
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
async function openTooManySockets(runtime: AuditedRuntime, { id, access }: User): Promise<void> {
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
async function useLargeRoom(runtime: AuditedRuntime, ann: User, bob: User): Promise<void> {
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

/** Deletes the account of a user who owns a room and has sent a message in another one. */
async function deleteAccount({ call, open }: AuditedRuntime, cleo: User, { access }: User): Promise<void> {
  await call('POST', '/chat/rooms/create/', cleo.access, { room_name: 'hers-alone', is_private: true });
  const { room_id: roomId } = await call('POST', '/chat/rooms/create/', access, { room_name: 'of-others' });
  const socket = open('/ws/chat/of-others/', cleo.access);
  await socket.received('history_end');
  await call('POST', `/chat/rooms/${roomId}/messages/`, cleo.access, { content: 'a word' });
  await call('GET', '/users/auth/export/', cleo.access);
  await call('DELETE', '/users/auth/profile/', cleo.access, { password: cleo.password });
  await socket.closed;
}

async function signOut({ call, open }: AuditedRuntime, ann: User, bob: User): Promise<void> {
  const socket = open('/ws/chat/lobby/', bob.access);
  await socket.received('history_end');
  await call('DELETE', '/users/auth/sessions/', bob.access);
  await socket.closed;
  await call('POST', '/users/auth/logout/', undefined, { refresh: ann.refresh });
}
