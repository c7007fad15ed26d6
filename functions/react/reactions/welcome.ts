/** A connection opened: it is noted under its user, and its room is opened, or it is told that it is ready. */
import type { Connection } from '../../../shared/domain/model.ts';
import { endSocket } from '../../../shared/realtime/fan-out.ts';
import { ready } from '../../../shared/realtime/frames.ts';
import { listenerOf, noteUntilCurrent, openRoom, type Opened } from '../../../shared/realtime/open-room.ts';
import { sendInOrder } from '../../../shared/realtime/send-in-order.ts';
import type { Dependencies } from '../dependencies.ts';
import { endSurplus } from './end-surplus.ts';

/** The gateway admits nobody for longer than a function may take to accept them. */
const handshakeMs = 12_000;

export async function welcome(ports: Dependencies, connection: Connection): Promise<void> {
  const { connectionId, userId } = connection;
  const outcome = await onceAdmitted(ports, connection, () => open(ports, connection));
  if (outcome === 'refused') {
    await (connection.isSingleRoom
      ? endSocket(ports, connectionId, 'forbidden', 'This room is not open to you')
      : endSocket(ports, connectionId, 'unauthorized', 'Signed out'));
  } else if (outcome === 'unheard') {
    // Nobody who looks for this user's sockets would find it. It comes back, and is welcomed then.
    await endSocket(ports, connectionId, 'reconnect', 'The welcome did not reach this socket');
  } else if (outcome === 'gone') {
    // What follows from a removal may have been done before this one was noted; and its socket is nobody's now.
    await Promise.all([
      ports.poster.close(connectionId),
      ports.connections.remove(connectionId),
      ports.audiences.remove(userId, 0, connectionId),
    ]);
  } else {
    await endSurplus(ports, userId);
  }
}

async function open(ports: Dependencies, connection: Connection): Promise<Opened> {
  const { heartbeatSeconds } = ports.settings;
  const [entry] = Object.entries(connection.rooms);
  const { head } = connection;
  if (!connection.isSingleRoom || entry === undefined || head === undefined) {
    // Noted only once it is admitted: whoever finds it must be able to close it.
    if (!(await ports.poster.isThere(connection.connectionId))) return 'gone';
    // Read after the socket was noted under its user: whoever signs out revokes first, then looks for sockets.
    const joinedAt = ports.clock.now();
    const { isRevoked, connection: current } = await noteUntilCurrent(ports, connection, undefined, (noted) =>
      ports.audiences.add(noted.userId, listenerOf(noted, 0, joinedAt)),
    );
    if (current === undefined) return 'gone';
    if (isRevoked) return 'refused';
    const event = ready(connection, undefined, { heartbeatSeconds, now: ports.clock.now() });
    const posted = await sendInOrder(ports, connection, [event]);
    return posted === 'failed' ? 'unheard' : posted;
  }
  const [roomId, room] = entry;
  const history = { after: connection.after, limit: connection.history };
  return openRoom(ports, { connection, roomId, room, head, history, heartbeatSeconds, isNew: true });
}

/** This change can be read before the gateway has finished the handshake: until then every post finds nobody. */
async function onceAdmitted(
  { clock, admissions }: Dependencies,
  connection: Connection,
  attempt: () => Promise<Opened>,
): Promise<Opened> {
  for (let pauseMs = 20; ; pauseMs = Math.min(2 * pauseMs, 500)) {
    const outcome = await attempt();
    if (outcome !== 'gone' || clock.now() - connection.openedAt > handshakeMs) return outcome;
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
    });
    // Whoever left at once is not waited for: others are in the same batch.
    if ((await admissions.get(connection, undefined)).connection === undefined) return 'gone';
  }
}
