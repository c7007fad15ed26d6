/** A connection opened: it is noted under its user, and its room is opened, or it is told that it is ready. */
import type { Connection } from '../../../shared/domain/model.ts';
import type { PostOutcome } from '../../../shared/realtime/connections-client.ts';
import { endSocket } from '../../../shared/realtime/fan-out.ts';
import { ready } from '../../../shared/realtime/frames.ts';
import { listenerOf, openRoom } from '../../../shared/realtime/open-room.ts';
import { sendInOrder } from '../../../shared/realtime/send-in-order.ts';
import type { Dependencies } from '../dependencies.ts';
import { atOnce, endSurplus, findSurplus, type Reach } from './end-surplus.ts';

/** The gateway admits nobody for longer than a function may take to accept them. */
const handshakeMs = 12_000;

export async function welcome(ports: Dependencies, connectionId: string): Promise<void> {
  const connection = await ports.connections.get(connectionId);
  // Gone again before its welcome: what follows from that is another change.
  if (connection === undefined) return;
  await ports.audiences.add(connection.userId, listenerOf(connection, 0, ports.clock.now()));
  const surplus = await findSurplus(ports, connection.userId);
  // This one may not be admitted yet, and could not be closed before.
  const reach: Reach = (attempt) => onceAdmitted(ports, connection, attempt);
  await Promise.all(surplus.map((id) => endSurplus(ports, id, id === connectionId ? reach : atOnce)));
  if (surplus.includes(connectionId)) return;
  const outcome = await onceAdmitted(ports, connection, () => open(ports, connection));
  if (outcome === 'refused') {
    await (connection.isSingleRoom
      ? endSocket(ports, connectionId, 'forbidden', 'This room is not open to you')
      : endSocket(ports, connectionId, 'unauthorized', 'Signed out'));
  }
  if (outcome === 'gone') await ports.connections.remove(connectionId);
}

async function open(ports: Dependencies, connection: Connection): Promise<PostOutcome | 'refused'> {
  const { heartbeatSeconds } = ports.settings;
  const [entry] = Object.entries(connection.rooms);
  if (!connection.isSingleRoom || entry === undefined) {
    // Looked for after the socket was noted under its user: whoever signs out revokes first, then looks for sockets.
    if (await ports.revocations.isRevoked(connection.sessionId)) return 'refused';
    const event = ready(connection, undefined, { heartbeatSeconds, now: ports.clock.now() });
    return sendInOrder(ports, connection, [event]);
  }
  const [roomId, room] = entry;
  const history = { after: connection.after, limit: connection.history };
  return openRoom(ports, { connection, roomId, room, history, heartbeatSeconds });
}

/** This change can be read before the gateway has finished the handshake: until then every post finds nobody. */
async function onceAdmitted<T extends PostOutcome | 'refused'>(
  { clock, connections }: Dependencies,
  { connectionId, openedAt }: Connection,
  attempt: () => Promise<T>,
): Promise<T | 'gone'> {
  for (let pauseMs = 20; ; pauseMs = Math.min(2 * pauseMs, 500)) {
    const outcome = await attempt();
    if (outcome !== 'gone' || clock.now() - openedAt > handshakeMs) return outcome;
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
    });
    // Whoever left at once is not waited for: others are in the same batch.
    if ((await connections.get(connectionId)) === undefined) return 'gone';
  }
}
