/** The sockets that receive the activity of a room, and the end of watches that reach none of them. */
import { chunk } from '../../domain/chunk.ts';
import { readUserConnections } from '../../domain/connections/subscribers.ts';
import { isInboxSocket } from '../../domain/inbox/watch-rooms.ts';
import type { InboxWatch } from '../../domain/model/inbox.ts';
import type { Head } from '../../domain/model/rooms.ts';
import type { InboxStore } from '../../domain/ports/inbox.ts';
import type { SubscriptionStore } from '../../domain/ports/sockets.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { waitForAll } from '../../domain/wait-for-all.ts';

interface InboxSocketPorts {
  subscriptions: Pick<SubscriptionStore, 'shard'>;
  clock: Clock;
}

const maxConcurrentReads = 25;

/** Returns the ids of live connections that receive `room_activity`, by user. A user without one is missing. */
export async function findInboxSockets(
  ports: InboxSocketPorts,
  userIds: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const group of chunk(userIds, maxConcurrentReads)) {
    await waitForAll(
      group.map(async (userId) => {
        const sockets = await readUserConnections(ports, userId);
        const live = sockets.filter((socket) => isInboxSocket(socket, ports.clock.now()));
        if (live.length > 0)
          found.set(
            userId,
            live.map(({ connectionId }) => connectionId),
          );
      }),
    );
  }
  return found;
}

/**
 * Ends the watches of users without such a socket. A socket is registered before its watches are read, so after each step
 * it is checked whether one has appeared that still relied on what was removed.
 */
export async function endIdleWatches(
  ports: InboxSocketPorts & { inbox: InboxStore },
  { roomId, watchedUntilMs = 0 }: Pick<Head, 'roomId' | 'watchedUntilMs'>,
  watches: readonly InboxWatch[],
  sockets: ReadonlyMap<string, unknown>,
): Promise<void> {
  const { inbox } = ports;
  const idle = watches.filter(({ userId }) => !sockets.has(userId));
  if (idle.length === 0 && watches.length > 0) return;
  for (const group of chunk(idle, maxConcurrentReads))
    await waitForAll(group.map((watch) => inbox.unwatch(roomId, watch)));
  const appeared = await findInboxSockets(
    ports,
    idle.map(({ userId }) => userId),
  );
  await waitForAll(
    idle.filter(({ userId }) => appeared.has(userId)).map((watch) => inbox.watch(roomId, watch)),
  );
  if (sockets.size > 0 || appeared.size > 0) return;
  await inbox.clearWatched(roomId, watchedUntilMs);
  const left = await inbox.watchers(roomId);
  if (left.length > 0) await inbox.setWatched(roomId, Math.max(...left.map(({ untilMs }) => untilMs)));
}
