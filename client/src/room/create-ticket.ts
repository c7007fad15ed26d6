/** Requests the ticket that opens the socket. */
import type { HttpOperations } from '../contract/http-operations.ts';
import { asProblem } from '../problem.ts';
import type { RoomCores } from './room-cores.ts';

/**
 * Returns a ticket for a socket without a room. The request names a room whose id is not known yet, so that a refusal of
 * that room is reported before the socket opens; the room is closed then, and the next one is named.
 *
 * @throws {ChatProblem} any problem that is not about the room
 */
export async function createTicket(http: HttpOperations, cores: RoomCores): Promise<string> {
  const core = cores.all.find(({ state, shouldBeOpen }) => state.roomId === undefined && shouldBeOpen);
  try {
    return (await http.createTicket(core === undefined ? {} : { room: core.state.name })).ticket;
  } catch (error) {
    const problem = asProblem(error);
    const isAboutRoom = ['forbidden', 'not_found', 'room_unavailable', 'invalid_request'].includes(
      problem.code,
    );
    if (core === undefined || !isAboutRoom) throw problem;
    core.close(problem);
    return createTicket(http, cores);
  }
}
