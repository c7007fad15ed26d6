/** Uses every permission of every function, so that permissions that nothing uses can be found. */
import { PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type AuditedRuntime } from './audited-runtime.ts';
import { leaveUnsent, useFiles } from './use-files.ts';
import { useInbox } from './use-inbox.ts';
import { useLateWelcomes } from './use-late-welcomes.ts';
import { usePictures } from './use-pictures.ts';
import { type User, openTooManySockets, useLargeRoom, useSockets } from './use-sockets.ts';

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
  await useInbox(runtime, ann!, bob!);
  await useLateWelcomes(runtime, bob!);
  await useFiles(runtime, ann!, bob!);
  await usePictures(runtime, ann!);
  await deleteAccount(runtime, cleo!, bob!);
  await eraseWithSocket(runtime, dora!);
  await signOut(runtime, ann!, bob!);
  await runtime.invoke('canary');
  await runtime.call('GET', '/health/promises/');
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
async function leaveToPurge({ database, invoke, tableName: TableName }: AuditedRuntime): Promise<void> {
  const roomId = crypto.randomUUID();
  for (const Item of [
    {
      pk: `ROOM#${roomId}`,
      sk: 'HEAD',
      room_id: roomId,
      seq: 1,
      taken: 0,
      voids: 0,
      last_message_seq: 0,
      last_at: 0,
      shards: 1,
    },
    { pk: `LIVE#${roomId}#0`, sk: 'bGF0ZQ==' },
  ])
    await database.send(new PutCommand({ TableName, Item }));
  await invoke('cleanup', { kind: 'purge', roomId });
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

/** Erases a user one of whose sockets is still open in a room. */
async function eraseWithSocket(runtime: AuditedRuntime, dora: User): Promise<void> {
  const socket = runtime.open('/ws/chat/of-others/', dora.access);
  await socket.received('history_end');
  await leaveUnsent(runtime, dora, (await socket.received('ready')).room_id);
  await runtime.invoke('cleanup', { kind: 'erasure', userId: dora.id, step: 0 });
  socket.close();
}

async function signOut({ call, open }: AuditedRuntime, ann: User, bob: User): Promise<void> {
  const socket = open('/ws/chat/lobby/', bob.access);
  await socket.received('history_end');
  await call('DELETE', '/users/auth/sessions/', bob.access);
  await socket.closed;
  await call('POST', '/users/auth/logout/', undefined, { refresh: ann.refresh });
}
