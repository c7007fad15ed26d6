/** Searches the messages of one room. */
import type { SearchPage } from '../../contract/search.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { ViewPorts } from '../files/view-attachments.ts';
import type { Caller } from '../model/accounts.ts';
import type { LogStore } from '../ports/log.ts';
import type { CursorSeal, RoomStore } from '../ports/rooms.ts';
import { readingMicroDollars } from '../rate-limits/charges.ts';
import type { UserBudget } from '../rate-limits/user-budget.ts';
import { findRoomFor } from '../rooms/find-room.ts';
import { isoTime } from '../views.ts';
import { prepareCriteria } from './criteria.ts';
import { RoomReading } from './room-reading.ts';
import { decodeState, encodeState, listNameOf, type SearchInput } from './search-cursor.ts';
import { searchLogs } from './search-logs.ts';

export interface SearchPorts extends ViewPorts {
  rooms: Pick<RoomStore, 'getWithMember'>;
  log: Pick<LogStore, 'rangeDown'>;
  cursors: CursorSeal;
  budget: Pick<UserBudget, 'charge'>;
}

/** @throws ChatError `not_found`, `invalid_request` for a query without words, or a cursor of another query */
export async function searchRoom(
  ports: SearchPorts,
  { userId }: Caller,
  roomId: string,
  { limit, cursor, ...query }: SearchInput,
): Promise<SearchPage> {
  const criteria = prepareCriteria(query);
  const { head } = await findRoomFor('searchMessages', ports, roomId, userId);
  const list = listNameOf('searchRoom', [userId, roomId], query);
  const [state = ''] = cursor === undefined ? [] : await openCursor(ports, list, cursor);
  const start = { roomId, position: head.seq + 1, timeMs: head.lastAtMs };
  const reading = new RoomReading(ports, criteria, state === '' ? start : decodeState(state));
  const { results, searchedBackToMs, bytesBeyond } = await searchLogs(ports, [reading], criteria, limit);
  await ports.budget.charge(userId, readingMicroDollars(bytesBeyond));
  if (searchedBackToMs === undefined) return { results, searched_back_to: null };
  return {
    results,
    searched_back_to: isoTime(searchedBackToMs),
    cursor: await sealCursor(ports, list, [encodeState(reading)]),
  };
}
