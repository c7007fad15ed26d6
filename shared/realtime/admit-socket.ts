/** Decides whether a socket is admitted, by what is stored after the socket has been registered. */
import { isAllowed, kindOf, standingOf } from '../domain/access.ts';
import type { Connection } from '../domain/model/connections.ts';
import type { Admission, AdmissionStore } from '../domain/ports/sockets.ts';

/** Bounds the rounds for a socket whose lease is extended all the time by pings. */
const maxRounds = 5;

/**
 * Calls `register` with the connection and then reads its admission, until both agree: a command may have changed the
 * socket's session, token or lease in the meantime, before there was a registration that it could have changed as well.
 */
export async function registerUntilCurrent(
  { admissions }: { admissions: AdmissionStore },
  connection: Connection,
  roomId: string | undefined,
  register: (connection: Connection) => Promise<void>,
): Promise<Admission> {
  let registered = connection;
  for (let round = 1; ; round += 1) {
    await register(registered);
    const admission = await admissions.get(registered, roomId);
    const { connection: current } = admission;
    if (current === undefined || isSameGrant(registered, current) || round === maxRounds) return admission;
    registered = current;
  }
}

/** Reads the admission of a socket as it is now. The connection of a stream record may be older than its socket. */
export function readAdmission(
  ports: { admissions: AdmissionStore },
  connection: Connection,
): Promise<Admission> {
  return registerUntilCurrent(ports, connection, undefined, async () => undefined);
}

function isSameGrant(one: Connection, other: Connection): boolean {
  return (
    one.sessionId === other.sessionId &&
    one.tokenEndsAtMs === other.tokenEndsAtMs &&
    one.leaseEndsAtMs === other.leaseEndsAtMs &&
    one.ended === other.ended
  );
}

/** Returns the room as it is now if it admits the user; undefined otherwise. */
export function admittedRoom(
  { access, isRevoked, connection }: Admission,
  { userId }: Connection,
): Admission['access'] {
  if (access === undefined || isRevoked || connection?.ended !== undefined) return undefined;
  const { room, member } = access;
  return isAllowed('openSocket', kindOf(room), standingOf(room, userId, member)) ? access : undefined;
}
