/** A connection opened: its room is opened, or it is told that it is ready; or it is closed, where it may not stay. */
import type { Connection } from '../../../shared/domain/model.ts';
import type { Admission } from '../../../shared/domain/ports/sockets.ts';
import { joinByOpening } from '../../../shared/domain/rooms/ensure-member.ts';
import { closeFrame, ready, toFrame } from '../../../shared/realtime/frames.ts';
import { noteUntilCurrent, openRoom, type Opened } from '../../../shared/realtime/open-room.ts';
import { sendInOrder } from '../../../shared/realtime/send-in-order.ts';
import type { Dependencies } from '../dependencies.ts';
import { closeSurplusConnections } from './close-surplus-connections.ts';

/** The gateway admits no socket for longer than a function may take to accept it. */
const handshakeMs = 12_000;

/** The last frame, and whether to come back. */
type Closing = Parameters<typeof closeFrame>;

export async function welcome(ports: Dependencies, connection: Connection): Promise<void> {
  const { connectionId, userId } = connection;
  const outcome = await onceAdmitted(ports, connection, () => openOrClose(ports, connection));
  if (outcome === 'sent' || outcome === 'failed') {
    await closeSurplusConnections(ports, userId);
    return;
  }
  // What follows from a removal may have been done before this one was registered.
  await Promise.all([
    ports.connectionGateway.close(connectionId),
    ports.connections.remove(connectionId),
    ports.subscriptions.remove(userId, 0, connectionId),
  ]);
}

/** A socket that may not stay is told why; `gone` as long as that, too, does not reach it. */
async function openOrClose(ports: Dependencies, connection: Connection): Promise<Opened> {
  const opened = await open(ports, connection);
  const closing = await closingOf(ports, connection, opened);
  if (closing === undefined) return opened;
  const posted = await ports.connectionGateway.post(connection.connectionId, toFrame(closeFrame(...closing)));
  return posted === 'gone' ? 'gone' : opened;
}

async function closingOf(
  ports: Dependencies,
  connection: Connection,
  opened: Opened,
): Promise<Closing | undefined> {
  switch (opened) {
    case 'sent':
    case 'failed':
    case 'gone':
      return undefined;
    case 'too_often':
      return ['rate_limited', 'This room was opened too often'];
    case 'unheard':
      // No later event would reach a socket that is in no subscribers. It comes back, and is welcomed then.
      return ['reconnect', 'The welcome did not reach this socket'];
    case 'refused':
      return refusal(connection, await currentAdmission(ports, connection));
  }
}

/** The stream's record may be old: by now the client may have moved its socket to another session. */
async function currentAdmission(
  { admissions }: Pick<Dependencies, 'admissions'>,
  connection: Connection,
): Promise<Admission> {
  return noteUntilCurrent({ admissions }, connection, undefined, async () => undefined);
}

function refusal({ isSingleRoom }: Connection, { isRevoked, connection }: Admission): Closing {
  if (connection?.ended === 'too_many') return ['rate_limited', 'Too many connections'];
  if (isRevoked || connection?.ended === 'signed_out' || !isSingleRoom) return ['unauthorized', 'Signed out'];
  return ['forbidden', 'This room is not open to you'];
}

async function open(ports: Dependencies, connection: Connection): Promise<Opened> {
  const { heartbeatSeconds } = ports.settings;
  const [entry] = Object.entries(connection.rooms);
  const { head } = connection;
  if (!connection.isSingleRoom || entry === undefined || head === undefined) {
    const { isRevoked, connection: current } = await currentAdmission(ports, connection);
    if (current === undefined) return 'gone';
    if (isRevoked || current.ended !== undefined) return 'refused';
    const event = ready(connection, undefined, { heartbeatSeconds, now: ports.clock.now() });
    const posted = await sendInOrder(ports, connection, [event]);
    return posted === 'failed' ? 'unheard' : posted;
  }
  const [roomId, room] = entry;
  if (connection.joinsRoom === true) await joinByOpening(ports, roomId, connection);
  const history = { after: connection.after, limit: connection.history };
  return openRoom(ports, { connection, roomId, room, head, history, heartbeatSeconds, isNew: true });
}

/** This change can be read before the gateway has finished the handshake: until then every post finds no socket. */
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
    // A client that left at once is not waited for: others are in the same batch.
    if ((await admissions.get(connection, undefined)).connection === undefined) return 'gone';
  }
}
