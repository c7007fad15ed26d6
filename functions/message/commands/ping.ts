/** `ping`: answers with the head of each open room, and extends the lease of the connection. */
import { extendConnection } from '../../../shared/domain/connections/extend-connection.ts';
import { isoTime } from '../../../shared/domain/views.ts';
import { waitForAll } from '../../../shared/domain/wait-for-all.ts';
import { toFrame } from '../../../shared/realtime/send-events.ts';
import type { CommandHandler } from '../command.ts';

/** A connection that has sent a ping counts as gone after this many heartbeats without another one. */
const heartbeatsPerLease = 2.5;

export const ping: CommandHandler<'ping'> = async (ports, connection) => {
  const now = ports.clock.now();
  const heartbeatMs = ports.settings.heartbeatSeconds * 1_000;
  const leaseEndsAtMs = now + heartbeatsPerLease * heartbeatMs;
  // Pings that come more often than needed cost no write.
  const isDue = Math.abs(leaseEndsAtMs - connection.leaseEndsAtMs) > heartbeatMs / 4;
  const openRooms = Object.keys(connection.rooms).filter((id) => connection.rooms[id]?.isRemoved !== true);
  const [heads] = await waitForAll([
    ports.rooms.heads(openRooms),
    isDue ? extendConnection(ports, connection, { leaseEndsAtMs }, now) : undefined,
  ]);
  await ports.connectionGateway.post(
    connection.connectionId,
    toFrame({
      type: 'pong',
      heads: Object.fromEntries([...heads].map(([roomId, head]) => [roomId, head.seq])),
      server_time: isoTime(now),
    }),
  );
};
