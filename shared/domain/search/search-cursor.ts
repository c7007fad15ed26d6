/** What the cursor of a search holds: where each reading stands. It is valid for its own query and caller alone. */
import type { SearchCriteria } from '../../contract/search.ts';
import type { ListName } from '../cursor.ts';
import { decodeMessageId, encodeMessageId } from '../message-id.ts';
import type { ReadingState } from './room-reading.ts';

export interface SearchInput extends SearchCriteria {
  limit: number;
  cursor?: string | undefined;
}

/** Returns the name of the results as a list, which has everything that decides what they are. */
export const listNameOf = (
  operation: 'searchRoom' | 'searchMyRooms',
  parameters: readonly string[],
  { q, from_user, has, before, after }: SearchCriteria,
): ListName => [operation, ...parameters, JSON.stringify([q, from_user, has, before, after])];

const messageIdLength = 30;

/** Returns up to 39 characters, so that the states of 64 rooms fit into a cursor. */
export const encodeState = ({ roomId, position, timeMs }: ReadingState): string =>
  encodeMessageId(roomId, position) + timeMs.toString(36);

export function decodeState(state: string): ReadingState {
  const { roomId, seq } = decodeMessageId(state.slice(0, messageIdLength));
  return { roomId, position: seq, timeMs: parseInt(state.slice(messageIdLength), 36) };
}
