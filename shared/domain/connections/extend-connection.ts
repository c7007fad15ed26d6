/**
 * Extends or ends a connection wherever it is registered: on its item, under its user, and in each of its rooms. The item
 * decides: a connection that has ended there is not extended anywhere.
 */
import type { Connection, EndReason } from '../model/connections.ts';
import type { ConnectionStore, Extension, SubscriptionKey, SubscriptionStore } from '../ports/sockets.ts';
import { waitForAll } from '../wait-for-all.ts';

type RegisteredConnection = Pick<Connection, 'connectionId' | 'userId' | 'rooms'>;

/** Returns the subscriptions of a connection: to its user's own topic, and to each of its rooms. */
function subscriptionsOf({ connectionId, userId, rooms }: RegisteredConnection): SubscriptionKey[] {
  return [
    { topic: userId, shard: 0, connectionId },
    ...Object.entries(rooms).map(([roomId, { shard }]) => ({ topic: roomId, shard, connectionId })),
  ];
}

/** Returns false, and changes nothing, when the connection is gone or had ended by `now`. */
export async function extendConnection(
  {
    connections,
    subscriptions,
  }: { connections: Pick<ConnectionStore, 'extend'>; subscriptions: Pick<SubscriptionStore, 'extend'> },
  connection: RegisteredConnection,
  changes: Extension,
  now: number,
): Promise<boolean> {
  // The item first: a socket that is being opened subscribes, and then reads its item to see what has changed.
  if (!(await connections.extend(connection.connectionId, changes, now))) return false;
  await waitForAll(
    subscriptionsOf(connection).map(({ topic, shard, connectionId }) =>
      subscriptions.extend(topic, shard, connectionId, changes),
    ),
  );
  return true;
}

/** Ends a connection: it receives no more events, its commands are refused, and nothing extends it again. */
export async function endConnection(
  {
    connections,
    subscriptions,
  }: { connections: Pick<ConnectionStore, 'end'>; subscriptions: Pick<SubscriptionStore, 'end'> },
  connection: RegisteredConnection,
  reason: EndReason,
  now: number,
): Promise<void> {
  await connections.end(connection.connectionId, reason, now);
  await waitForAll(subscriptionsOf(connection).map((key) => subscriptions.end(key, reason, now)));
}
