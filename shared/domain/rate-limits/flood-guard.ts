/**
 * What one instance of a function remembers of the connections that it serves: cheap commands, refusals, who typed.
 * It costs no request and no write, and so each instance knows only of its own part.
 */
import { ChatError } from '../chat-error.ts';

const windowMs = 10_000;

/** More than one instance serves at once; the oldest are forgotten first. */
const connectionsRemembered = 5_000;

/** The same news about typing is told once in this time. */
const typingPauseMs = 2_000;

interface Memory {
  windowStartedAt: number;
  spent: number;
  refusals: number;
  hasEnded: boolean;
  /** By room: what was told last, and when. */
  typing: Map<string, { isTyping: boolean; at: number }>;
}

export interface FloodGuard {
  /** Throws `rate_limited`. */
  spend(connectionId: string, cost: number, now: number): void;
  /** One more frame was refused: true for the one with which it is enough, and the connection is to be ended. */
  countRefusal(connectionId: string, now: number): boolean;
  /** It was ended, and what still comes from it is not worth an answer. */
  hasEnded(connectionId: string): boolean;
  /** Whether this is news to the room: something else than a moment ago, or a while after it. */
  shouldPublishTyping(connectionId: string, roomId: string, isTyping: boolean, now: number): boolean;
}

/** `budget` for both: what cheap commands may cost in a window, and how many frames may be refused. */
export function floodGuard(budget: number): FloodGuard {
  const memories = new Map<string, Memory>();

  function memoryOf(connectionId: string, now: number): Memory {
    const known = memories.get(connectionId);
    if (known === undefined) return remember(connectionId, now);
    if (now >= known.windowStartedAt + windowMs)
      Object.assign(known, { windowStartedAt: now, spent: 0, refusals: 0 });
    return known;
  }

  function remember(connectionId: string, now: number): Memory {
    const [oldest] = memories.keys();
    if (memories.size >= connectionsRemembered && oldest !== undefined) memories.delete(oldest);
    const memory = { windowStartedAt: now, spent: 0, refusals: 0, hasEnded: false, typing: new Map() };
    memories.set(connectionId, memory);
    return memory;
  }

  return {
    spend(connectionId, cost, now) {
      const memory = memoryOf(connectionId, now);
      if (memory.spent + cost > budget)
        throw new ChatError('rate_limited', { retryAfterMs: memory.windowStartedAt + windowMs - now });
      memory.spent += cost;
    },
    countRefusal(connectionId, now) {
      const memory = memoryOf(connectionId, now);
      memory.refusals += 1;
      if (memory.hasEnded || memory.refusals <= budget) return false;
      memory.hasEnded = true;
      return true;
    },
    hasEnded: (connectionId) => memories.get(connectionId)?.hasEnded === true,
    shouldPublishTyping(connectionId, roomId, isTyping, now) {
      const { typing } = memoryOf(connectionId, now);
      const told = typing.get(roomId);
      if (told?.isTyping === isTyping && now - told.at < typingPauseMs) return false;
      typing.set(roomId, { isTyping, at: now });
      return true;
    },
  };
}
