/**
 * Limits the frames of one connection in the memory of one function instance: light commands, refused frames
 * and repeated typing events. It costs no request. Each instance counts only the frames that it handles
 * itself.
 */
import { ChatError } from '../chat-error.ts';

const windowMs = 10_000;

/** Far more connections than one instance serves at a time. Beyond this number, the oldest one is forgotten. */
const maxConnectionsRemembered = 5_000;

/** An unchanged typing state is published at most once in this time. */
const typingPauseMs = 2_000;

interface ConnectionActivity {
  windowStartedAtMs: number;
  spent: number;
  refusals: number;
  hasEnded: boolean;
  /** By room: the typing state that was published last, and when. */
  typing: Map<string, { isTyping: boolean; publishedAtMs: number }>;
}

export interface FloodGuard {
  /**
   * Charges a light command to its connection.
   * @throws ChatError `rate_limited` when it exceeds the budget of the window
   */
  spend(connectionId: string, cost: number, now: number): void;
  /** Counts a refused frame. Returns true once, for the frame after which the connection must be ended. */
  countRefusal(connectionId: string, now: number): boolean;
  /** Returns whether `countRefusal` has returned true for the connection; its further frames are ignored. */
  hasEnded(connectionId: string): boolean;
  /**
   * Returns whether a typing event should be published: the state changed, or was last published some time
   * ago.
   */
  shouldPublishTyping(connectionId: string, roomId: string, isTyping: boolean, now: number): boolean;
}

/**
 * Creates the guard of one instance. `budget` limits both the cost of light commands and the refusals in a
 * window.
 */
export function floodGuard(budget: number): FloodGuard {
  const activities = new Map<string, ConnectionActivity>();

  function activityOf(connectionId: string, now: number): ConnectionActivity {
    const known = activities.get(connectionId);
    if (known === undefined) return remember(connectionId, now);
    if (now >= known.windowStartedAtMs + windowMs)
      Object.assign(known, { windowStartedAtMs: now, spent: 0, refusals: 0 });
    return known;
  }

  function remember(connectionId: string, now: number): ConnectionActivity {
    const [oldest] = activities.keys();
    if (activities.size >= maxConnectionsRemembered && oldest !== undefined) activities.delete(oldest);
    const activity = { windowStartedAtMs: now, spent: 0, refusals: 0, hasEnded: false, typing: new Map() };
    activities.set(connectionId, activity);
    return activity;
  }

  return {
    spend(connectionId, cost, now) {
      const activity = activityOf(connectionId, now);
      if (activity.spent + cost > budget)
        throw new ChatError('rate_limited', { retryAfterMs: activity.windowStartedAtMs + windowMs - now });
      activity.spent += cost;
    },
    countRefusal(connectionId, now) {
      const activity = activityOf(connectionId, now);
      activity.refusals += 1;
      if (activity.hasEnded || activity.refusals <= budget) return false;
      activity.hasEnded = true;
      return true;
    },
    hasEnded: (connectionId) => activities.get(connectionId)?.hasEnded === true,
    shouldPublishTyping(connectionId, roomId, isTyping, now) {
      const { typing } = activityOf(connectionId, now);
      const last = typing.get(roomId);
      if (last?.isTyping === isTyping && now - last.publishedAtMs < typingPauseMs) return false;
      typing.set(roomId, { isTyping, publishedAtMs: now });
      return true;
    },
  };
}
