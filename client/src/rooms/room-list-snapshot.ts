/** What the list of the user's rooms looks like at one moment. Snapshots are immutable: each change makes a new one. */
import type { ChatProblem } from '../problem.ts';
import type { ListedRoom } from './listed-room.ts';

/**
 * - `loading`: the list has not been loaded yet.
 * - `live`: the list is up to date, and follows what happens in the rooms.
 * - `stale`: the list was loaded, and may be out of date until the connection is back.
 */
export type RoomListStatus = 'loading' | 'live' | 'stale';

/** What the list of the user's rooms looks like at one moment. */
export interface RoomListSnapshot {
  status: RoomListStatus;
  /** Newest activity first. */
  rooms: readonly ListedRoom[];
  /** The unread messages of all listed rooms together. */
  unread: number;
  /** Whether the user has more rooms than the list shows. */
  hasMore: boolean;
  /** Why the last attempt to load the list failed. */
  problem: ChatProblem | undefined;
}

/** The result of the attempts to load the list. */
export interface LoadOutcome {
  isLoaded: boolean;
  hasMore: boolean;
  /** Why the last attempt failed. */
  problem: ChatProblem | undefined;
}

export const notLoaded: LoadOutcome = { isLoaded: false, hasMore: false, problem: undefined };

/** Returns the snapshot of a list. It is followed while the connection reports what happens in the rooms. */
export function roomListSnapshot(
  rooms: readonly ListedRoom[],
  { isLoaded, hasMore, problem }: LoadOutcome,
  isFollowed: boolean,
): RoomListSnapshot {
  const isLive = isFollowed && problem === undefined;
  return {
    status: isLoaded ? (isLive ? 'live' : 'stale') : 'loading',
    rooms,
    unread: rooms.reduce((sum, { unread_count }) => sum + unread_count, 0),
    hasMore,
    problem,
  };
}
