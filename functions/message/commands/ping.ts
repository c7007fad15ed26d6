/** `ping`: how far each room is, and another stretch of the lease. */
import { extendConnection } from '../../../shared/domain/connections/extend-connection.ts';
import { isoTime } from '../../../shared/domain/views.ts';
import { toFrame } from '../../../shared/realtime/frames.ts';
import type { CommandHandler } from '../command.ts';

/** Whoever pings promises to go on: after so many missed heartbeats it is held to be gone. */
const heartbeatsPerLease = 2.5;

export const ping: CommandHandler<'ping'> = async (ports, connection) => {
  const now = ports.clock.now();
  const heartbeatMs = ports.settings.heartbeatSeconds * 1_000;
  const leaseEndsAt = now + heartbeatsPerLease * heartbeatMs;
  // A client that pings more often than it must does not pay for it with writes.
  const isDue = Math.abs(leaseEndsAt - connection.leaseEndsAt) > heartbeatMs / 4;
  const openRooms = Object.keys(connection.rooms).filter((id) => connection.rooms[id]?.isRemoved !== true);
  const [heads] = await Promise.all([
    ports.rooms.heads(openRooms),
    isDue ? extendConnection(ports, connection, { leaseEndsAt }, now) : undefined,
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
