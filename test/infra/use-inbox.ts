/** Uses every permission that the live list of rooms and unread counts need. */
import { ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import { patience, type AuditedRuntime } from './audited-runtime.ts';
import type { User } from './use-sockets.ts';

export async function useInbox(runtime: AuditedRuntime, ann: User, bob: User): Promise<void> {
  const { call, open, invoke, database, tableName: TableName } = runtime;
  const { room_id: roomId } = await call('POST', '/chat/rooms/create/', bob.access, { room_name: 'inbox' });
  const inbox = open('/ws/?inbox=1', bob.access);
  await inbox.received('ready');
  const free = open('/ws/', bob.access);
  await free.received('ready');
  free.send({ type: 'inbox' });
  await free.received('ready', 2);
  // Creates a room at the handshake, which the open inboxes watch from then on.
  const creating = open('/ws/chat/made-with-inbox/', bob.access);
  await creating.received('history_end');
  const say = (content: string): Promise<{ message_id: string }> =>
    call('POST', `/chat/rooms/${roomId}/messages/`, ann.access, { content });
  const { message_id } = await say('hi');
  await inbox.received('room_activity');
  await call('PATCH', `/chat/rooms/${roomId}/`, bob.access, { room_name: 'inbox-anew' });
  await inbox.received('room_updated');

  // Archives are read, and the last message is searched for below a seq without an entry.
  const set = (key: object, expression: string, values: object) =>
    database.send(
      new UpdateCommand({
        TableName,
        Key: key,
        UpdateExpression: expression,
        ExpressionAttributeValues: values,
      }),
    );
  await set(
    { pk: `ROOM#${roomId}`, sk: 'HEAD' },
    'SET dead_archived_to = :far, last_message_seq = :far ADD seq :one',
    { ':far': 1_000, ':one': 1 },
  );
  await set({ pk: `UNREAD#${roomId}`, sk: `OWN#${bob.id}` }, 'SET archived_to = :far', { ':far': 1_000 });
  await call('POST', `/chat/rooms/${roomId}/read/`, bob.access, { message_id });
  await call('POST', `/chat/rooms/${roomId}/unread/`, bob.access, { message_id });
  await inbox.received('message_unread');
  await call('GET', '/chat/unread/', bob.access);
  // One of the sockets is due for a reconnect.
  const inboxItems = async (prefix: string): Promise<Record<string, unknown>[]> => {
    const { Items = [] } = await database.send(
      new ScanCommand({
        TableName,
        FilterExpression: 'begins_with(pk, :prefix) AND user_id = :user AND inbox = :true',
        ExpressionAttributeValues: { ':prefix': prefix, ':user': bob.id, ':true': true },
      }),
    );
    return Items;
  };
  const [{ pk } = {}] = await inboxItems('CONN#');
  await set({ pk, sk: 'CONN' }, 'SET opened_at = :past', { ':past': Date.now() - 7_200_000 });
  await invoke('inbox', { roomId, dueAtMs: Date.now(), userId: ann.id });

  // No subscriber is left.
  for (const socket of [inbox, free, creating]) socket.close();
  await vi.waitFor(async () => {
    if ((await inboxItems('LIVE#')).length > 0) throw new Error('An inbox is still registered');
  }, patience);
  await say('to no inbox');
  await invoke('inbox', { roomId, dueAtMs: Date.now(), userId: ann.id });
}
