/** What the tabs of a user tell each other: the messages on their channel. */
import type { EventOf } from '../contract/events.ts';

/** The part of a `BroadcastChannel` that the client uses. A message reaches all other channels of the same name. */
export interface ChannelLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  close(): void;
}

export type ChannelConstructor = new (name: string) => ChannelLike;

export type RoomActivity = EventOf<'room_activity'>;

/** From a follower to the leader. `leader` is the leader that it has found. */
export type FollowerMessage =
  /** A tab looks for the leader, which it does not know yet. */
  | { kind: 'hello'; follower: string }
  | { kind: 'command'; follower: string; leader: string; data: string }
  /** The state of a room that the follower has open, for the lists of the other tabs. */
  | { kind: 'activity'; follower: string; leader: string; event: RoomActivity }
  | { kind: 'bye'; follower: string; leader: string };

/** From the leader to its followers: to those that `to` names, or to all of them. */
export type LeaderMessage =
  /** A tab has become the leader: followers of another one look for this one. */
  | { kind: 'leading'; leader: string }
  /** Accepts a follower. `isOpen` says whether the socket is open; if not, `opened` follows. */
  | { kind: 'welcome'; leader: string; to: readonly string[]; isOpen: boolean }
  | { kind: 'opened'; leader: string }
  | { kind: 'frame'; leader: string; to: readonly string[]; data: string }
  /** The socket has no place for the rooms of this follower, which needs a socket of its own. */
  | { kind: 'full'; leader: string; to: readonly string[] }
  | { kind: 'closed'; leader: string };

export type TabMessage = FollowerMessage | LeaderMessage;

export function post(channel: ChannelLike, message: TabMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A channel reaches its own origin alone.
  channel.postMessage(message);
}

/** Returns undefined for a message that is not of this client: any script of the page's origin can post to the channel. */
export function readTabMessage(data: unknown): TabMessage | undefined {
  const hasKind = typeof data === 'object' && data !== null && 'kind' in data;
  return hasKind ? (data as TabMessage) : undefined;
}

/** The name of the lock that a follower holds while it lives. */
export const tabLockName = (name: string, follower: string): string => `${name}:${follower}`;
