/**
 * Extending or ending what a connection may hear, wherever it is registered: on its item, under its user, in each room.
 * Its item decides: what has ended there is never extended anywhere else.
 */
import type { Connection, EndReason } from '../model.ts';
import type { SubscriptionStore, ConnectionStore, Extension } from '../ports/sockets.ts';

type Registered = Pick<Connection, 'connectionId' | 'userId' | 'rooms'>;

function placesOf({ connectionId, userId, rooms }: Registered) {
  return [
    { topic: userId, shard: 0, connectionId },
    ...Object.entries(rooms).map(([roomId, { shard }]) => ({ topic: roomId, shard, connectionId })),
  ];
}

/** False, and nothing changes, when the connection is gone or has ended in any way by `now`. */
export async function extendConnection(
  {
    connections,
    subscriptions,
  }: { connections: Pick<ConnectionStore, 'extend'>; subscriptions: Pick<SubscriptionStore, 'extend'> },
  connection: Registered,
  changes: Extension,
  now: number,
): Promise<boolean> {
  // First on its item: a socket that is being opened joins subscriptions, and then looks there for what has changed.
  if (!(await connections.extend(connection.connectionId, changes, now))) return false;
  await Promise.all(
    placesOf(connection).map(({ topic, shard, connectionId }) =>
      subscriptions.extend(topic, shard, connectionId, changes),
    ),
  );
  return true;
}

/** From now on it hears nothing, its commands are refused, and nothing extends it again. */
export async function endConnection(
  {
    connections,
    subscriptions,
  }: { connections: Pick<ConnectionStore, 'end'>; subscriptions: Pick<SubscriptionStore, 'end'> },
  connection: Registered,
  reason: EndReason,
  now: number,
): Promise<void> {
  await connections.end(connection.connectionId, reason, now);
  await Promise.all(placesOf(connection).map((place) => subscriptions.end(place, reason, now)));
}
