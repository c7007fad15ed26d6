/** Welcomes a connection that opened: opens its room or sends `ready`, or closes the socket when it is not admitted. */
import { readUserConnections } from '../domain/connections/subscribers.ts';
import { watchRoomsOf, type WatchPorts } from '../domain/inbox/watch-rooms.ts';
import type { Connection } from '../domain/model/connections.ts';
import type { MemberStore } from '../domain/ports/rooms.ts';
import type { Admission, ConnectionStore } from '../domain/ports/sockets.ts';
import { surplusConnections } from '../domain/rate-limits/connections-per-user.ts';
import { joinByOpening } from '../domain/rooms/membership/join-room.ts';
import { waitForAll } from '../domain/wait-for-all.ts';
import { readAdmission } from './admit-socket.ts';
import { endRefusedSocket } from './end-socket.ts';
import { forEachConcurrent } from './for-each-concurrent.ts';
import { closeFrame, ready } from './frames.ts';
import { openRoom, type OpenRoomOutcome, type OpenRoomPorts } from './open-room.ts';
import { sendInOrder, toFrame } from './send-events.ts';

export interface WelcomePorts extends OpenRoomPorts {
  connections: OpenRoomPorts['connections'] & Pick<ConnectionStore, 'end'>;
  rooms: OpenRoomPorts['rooms'] & WatchPorts['rooms'];
  inbox: WatchPorts['inbox'];
  members: Pick<MemberStore, 'join' | 'listOfUser'>;
  settings: OpenRoomPorts['settings'] & { heartbeatSeconds: number; connectionsPerUser: number };
}

/** The gateway waits no longer than this for the connect function to accept a socket. */
const maxHandshakeMs = 12_000;

const maxConcurrentEnds = 10;

/** The name and the reason of a `close` frame. */
type Closing = Parameters<typeof closeFrame>;

/** Hands a welcome over to an invocation of its own, which starts it again. */
export type EnqueueWelcome = (connection: Connection) => Promise<void>;

/** How long a welcome waits in a lane of the table stream for its handshake to be answered, which takes milliseconds. */
const maxHandshakeInLaneMs = 500;

/** The time for one try of a close that begins at the end of the lane: its connection is removed, so none follows. */
const minCloseMs = 900;

/** The time that a welcome had in the lane of the table stream is over. */
class LaneTimeOver extends Error {
  override readonly name = 'LaneTimeOver';
}

/**
 * Welcomes a connection until `laneEndsAtMs`, and hands on what is not finished then: other records of its lane wait. A
 * socket whose handshake was aborted answers like one whose handshake is unanswered, so it is handed on as well.
 */
export async function welcomeInLane(
  ports: WelcomePorts & { enqueueWelcome: EnqueueWelcome },
  connection: Connection,
  laneEndsAtMs: number,
): Promise<void> {
  const { clock, connectionGateway, enqueueWelcome } = ports;
  // Watching hundreds of rooms takes longer than other records of the lane should wait.
  if (connection.inbox === true) return enqueueWelcome(connection);
  const handshakeEndsAtMs = Math.min(laneEndsAtMs, clock.now() + maxHandshakeInLaneMs);
  const bounded: WelcomePorts = {
    ...ports,
    connectionGateway: {
      async post(connectionId, frame) {
        if (clock.now() >= laneEndsAtMs) throw new LaneTimeOver();
        const outcome = await connectionGateway.post(connectionId, frame, laneEndsAtMs);
        if (connectionId !== connection.connectionId) return outcome;
        const endsAtMs = outcome === 'gone' ? handshakeEndsAtMs : laneEndsAtMs;
        if (outcome !== 'sent' && clock.now() >= endsAtMs) throw new LaneTimeOver();
        return outcome;
      },
      close: (connectionId) =>
        connectionGateway.close(connectionId, Math.max(laneEndsAtMs, clock.now() + minCloseMs)),
    },
  };
  try {
    if (clock.now() >= laneEndsAtMs) throw new LaneTimeOver();
    await welcome(bounded, connection);
  } catch (error) {
    if (!(error instanceof LaneTimeOver)) throw error;
    await enqueueWelcome(connection);
  }
}

/** Welcomes a connection, however long it takes. */
export async function welcome(ports: WelcomePorts, connection: Connection): Promise<void> {
  const { connectionId, userId } = connection;
  const outcome = await retryUntilReached(ports, connection, () => openOrClose(ports, connection));
  if (outcome === 'sent' || outcome === 'failed') {
    await endSurplusConnections(ports, userId);
    return;
  }
  // Removed here too: the handler of an earlier removal may have run before this connection was registered.
  await waitForAll([
    ports.connectionGateway.close(connectionId),
    ports.connections.remove(connectionId),
    ports.subscriptions.remove({ topic: userId, shard: 0, connectionId }),
  ]);
}

/** Posts a `close` frame to a socket that is not admitted. Returns `gone` as long as that frame does not reach it. */
async function openOrClose(ports: WelcomePorts, connection: Connection): Promise<OpenRoomOutcome> {
  const outcome = await open(ports, connection);
  const closing = await closingFor(ports, connection, outcome);
  if (closing === undefined) return outcome;
  const posted = await ports.connectionGateway.post(connection.connectionId, toFrame(closeFrame(...closing)));
  return posted === 'gone' ? 'gone' : outcome;
}

async function closingFor(
  ports: WelcomePorts,
  connection: Connection,
  outcome: OpenRoomOutcome,
): Promise<Closing | undefined> {
  switch (outcome) {
    case 'sent':
    case 'failed':
    case 'gone':
      return undefined;
    case 'too_often':
      return ['rate_limited', 'This room was opened too often'];
    case 'not_reached':
      // The socket is not subscribed, so no later event would reach it. Its client reconnects, and is welcomed then.
      return ['reconnect', 'The first frames may not have arrived'];
    case 'refused':
      return refusal(connection, await readAdmission(ports, connection));
  }
}

function refusal({ isSingleRoom }: Connection, { isRevoked, connection }: Admission): Closing {
  if (connection?.ended === 'too_many') return ['rate_limited', 'Too many connections'];
  if (isRevoked || connection?.ended === 'signed_out' || !isSingleRoom) return ['unauthorized', 'Signed out'];
  return ['forbidden', 'You have no access to this room'];
}

async function open(ports: WelcomePorts, connection: Connection): Promise<OpenRoomOutcome> {
  const { heartbeatSeconds } = ports.settings;
  const [entry] = Object.entries(connection.rooms);
  const { head } = connection;
  if (!connection.isSingleRoom || entry === undefined || head === undefined) {
    const { isRevoked, connection: current } = await readAdmission(ports, connection);
    if (current === undefined) return 'gone';
    if (isRevoked || current.ended !== undefined) return 'refused';
    const inbox = connection.inbox === true;
    if (inbox) await watchRoomsOf(ports, connection.userId);
    const event = ready(connection, undefined, { heartbeatSeconds, now: ports.clock.now(), inbox });
    const posted = await sendInOrder(ports, connection, [event]);
    return posted === 'failed' ? 'not_reached' : posted;
  }
  const [roomId, room] = entry;
  if (connection.joinsRoom === true) await joinByOpening(ports, roomId, connection);
  const history = { after: connection.after, limit: connection.history };
  return openRoom(ports, { connection, roomId, room, head, history, heartbeatSeconds, isNew: true });
}

/** The record may be handled before the gateway has finished the handshake: until then every post is answered 410. */
async function retryUntilReached(
  { clock, admissions }: WelcomePorts,
  connection: Connection,
  attempt: () => Promise<OpenRoomOutcome>,
): Promise<OpenRoomOutcome> {
  for (let pauseMs = 20; ; pauseMs = Math.min(2 * pauseMs, 500)) {
    const outcome = await attempt();
    if (outcome !== 'gone' || clock.now() - connection.openedAtMs > maxHandshakeMs) return outcome;
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
    });
    // Stops when the client has left, because other records of the batch are waiting.
    if ((await admissions.get(connection, undefined)).connection === undefined) return 'gone';
  }
}

/**
 * Ends the newest connections of a user beyond the limit: handshakes that run at the same time may let in too many. Runs
 * after the connection was registered under its user, so that the last of several welcomes sees all of them.
 */
async function endSurplusConnections(ports: WelcomePorts, userId: string): Promise<void> {
  const { connectionsPerUser } = ports.settings;
  if (connectionsPerUser === 0) return;
  const sockets = await readUserConnections(ports, userId);
  const now = ports.clock.now();
  const surplus = [
    // Those that a handshake has ended already: their sockets are still open.
    ...sockets.filter(({ ended }) => ended === 'too_many'),
    ...surplusConnections(sockets, now, connectionsPerUser),
  ];
  await forEachConcurrent(surplus, maxConcurrentEnds, async (socket) => {
    // Recorded first: a socket whose handshake is unanswered cannot be reached, and is closed by its own welcome.
    await ports.connections.end(socket.connectionId, 'too_many', now);
    await endRefusedSocket(ports, socket, 'rate_limited', 'Too many connections');
  });
}
