/** Derives the state that the client shows from those of its parts. */
import type { ChatState } from './chat-client-types.ts';
import type { ChatProblem } from './problem.ts';
import type { Room } from './room/room.ts';
import type { Phase } from './socket/connection-ports.ts';

export interface PartStates {
  phase: Phase;
  problem: ChatProblem | undefined;
  rooms: readonly Room[];
  hasUser: boolean;
  /** Whether the application signs its users in. */
  takesTokens: boolean;
  /** Whether the client has been live for this user. */
  wasLive: boolean;
}

export function chatStateOf({ phase, problem, rooms, hasUser, takesTokens, wasLive }: PartStates): ChatState {
  const mayHaveUser = phase === 'opening' || (phase === 'paused' && takesTokens);
  if (!hasUser && !mayHaveUser) return 'signed-out';
  if (phase === 'stopped') return 'offline';
  if (phase === 'open') {
    const isPending = rooms.some(({ status }) => status !== 'live' && status !== 'closed');
    if (!isPending) return 'live';
  } else if (problem !== undefined) return 'offline';
  return wasLive ? 'recovering' : 'connecting';
}
