/** Searches the messages of all rooms of a user, newest first. */
import type { SearchPage } from '../../contract/search.ts';
import { isAllowed, kindOf, standingOf } from '../access.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Caller } from '../model/accounts.ts';
import type { MemberStore, RoomStore } from '../ports/rooms.ts';
import { readingMicroDollars } from '../rate-limits/charges.ts';
import { isoTime } from '../views.ts';
import { prepareCriteria } from './criteria.ts';
import { RoomReading } from './room-reading.ts';
import { decodeState, encodeState, listNameOf, type SearchInput } from './search-cursor.ts';
import { searchLogs } from './search-logs.ts';
import type { SearchPorts } from './search-room.ts';

/** As many rooms as a cursor has room for. Users in more rooms have them searched in parts of that size. */
const roomsPerPart = 64;

export type SearchMyRoomsPorts = SearchPorts & {
  rooms: Pick<RoomStore, 'getWithMember' | 'heads'>;
  members: Pick<MemberStore, 'listOfUser'>;
};

/** @throws ChatError `invalid_request` for a query without words, or a cursor of another query */
export async function searchMyRooms(
  ports: SearchMyRoomsPorts,
  { userId }: Caller,
  { limit, cursor, ...query }: SearchInput,
): Promise<SearchPage> {
  const criteria = prepareCriteria(query);
  const list = listNameOf('searchMyRooms', [userId], query);
  const [after = '', ...states] = cursor === undefined ? [] : await openCursor(ports, list, cursor);
  const part = await ports.members.listOfUser(userId, roomsPerPart, after === '' ? undefined : after);
  const roomIds = part.items.map(({ roomId }) => roomId);
  const heads = await ports.rooms.heads(roomIds, { consistent: true });
  const known = new Map(states.map(decodeState).map((state) => [state.roomId, state]));
  const readingPorts = { log: ports.log, mayRead: (roomId: string) => isMember(ports, roomId, userId) };
  const readings = roomIds.flatMap((roomId) => {
    const head = heads.get(roomId);
    if (head === undefined) return [];
    const state = known.get(roomId) ?? { roomId, position: head.seq + 1, timeMs: head.lastAtMs };
    return [new RoomReading(readingPorts, criteria, state)];
  });
  const { results, searchedBackToMs, bytesBeyond } = await searchLogs(ports, readings, criteria, limit);
  await ports.budget.charge(userId, readingMicroDollars(bytesBeyond));
  const searchedBackTo = searchedBackToMs === undefined ? null : isoTime(searchedBackToMs);
  const next = searchedBackTo === null ? part.next && [part.next] : [after, ...readings.map(encodeState)];
  return {
    results,
    searched_back_to: searchedBackTo,
    ...(next && { cursor: await sealCursor(ports, list, next) }),
  };
}

/** The list of memberships is read from a replica, which may still name a room that the user has left. */
async function isMember({ rooms }: SearchMyRoomsPorts, roomId: string, userId: string): Promise<boolean> {
  const found = await rooms.getWithMember(roomId, userId);
  if (found?.member === undefined) return false;
  return isAllowed('searchMessages', kindOf(found.room), standingOf(found.room, userId, found.member));
}
