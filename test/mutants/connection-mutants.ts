/** Mutants that break what is promised for connections: how they open a room, how they leave it, and how they end. */

import { continuity } from '../chaos/scenarios/continuity.ts';
import { largeRooms } from '../chaos/scenarios/large-rooms.ts';
import { liveRoomList } from '../chaos/scenarios/live-room-list.ts';
import { noGapOnJoining } from '../chaos/scenarios/no-gap-on-joining.ts';
import { plannedReconnects } from '../chaos/scenarios/planned-reconnects.ts';
import { accuratePresence } from '../chaos/scenarios/accurate-presence.ts';
import { noEventsAfterRemoval } from '../chaos/scenarios/no-events-after-removal.ts';
import { expiringTokens } from '../chaos/scenarios/expiring-tokens.ts';
import type { Mutant } from './mutant.ts';
import { replacing } from './replacing.ts';

export const connectionMutants: readonly Mutant[] = [
  {
    defect: 'removes a member and keeps the subscriptions of their sockets',
    replacement: replacing(
      'shared/domain/rooms/membership/end-membership.ts',
      'keep-subscriptions-of-removed-members.ts',
    ),
    scenario: noEventsAfterRemoval,
    shownBy: ['receivedAfter'],
  },
  {
    defect: 'subscribes a socket after it has read the log',
    replacement: replacing('shared/realtime/admit-socket.ts', 'subscribe-late.ts'),
    scenario: noGapOnJoining,
    shownBy: ['missed'],
  },
  {
    defect: 'keeps the connection of a socket that a post found gone',
    replacement: replacing('shared/realtime/send-events.ts', 'keep-gone-connections.ts'),
    scenario: accuratePresence,
    adjust: { rooms: 1, visits: 0, patienceMs: 5_000 },
    shownBy: ['stillShown', 'leftBehind'],
  },
  {
    defect: 'answers a seq ahead of the log without naming a gap',
    replacement: replacing('shared/realtime/send-history.ts', 'hide-gap-of-other-log.ts'),
    scenario: continuity,
    shownBy: ['wrongGap'],
  },
  {
    defect: 'leaves a subscriber out of each slice of a large room',
    replacement: replacing('shared/realtime/slice-subscribers.ts', 'shorten-slices.ts'),
    scenario: largeRooms,
    adjust: { steps: 2 },
    shownBy: ['missed'],
  },
  {
    defect: 'closes a socket for a planned reconnect without a close frame',
    replacement: replacing('shared/realtime/end-socket.ts', 'reconnect-without-notice.ts'),
    scenario: plannedReconnects,
    adjust: { sockets: 2, reconnects: 1 },
    shownBy: ['unannounced'],
  },
  {
    defect: 'posts to a connection whose token has ended',
    replacement: replacing('shared/domain/connections/subscribers.ts', 'ignore-token-end.ts'),
    scenario: expiringTokens,
    adjust: { sockets: 2 },
    shownBy: ['receivedAfter', 'leftOpen'],
  },
  {
    defect: 'sends no activity for changes soon after the last one',
    replacement: replacing('shared/domain/inbox/schedule-activity.ts', 'no-activity-at-interval-end.ts'),
    scenario: liveRoomList,
    adjust: { patienceMs: 4_000 },
    shownBy: ['wrongLists'],
  },
  {
    defect: 'sends the activity of a room to users who were removed from it',
    replacement: replacing('shared/realtime/inbox/send-activity.ts', 'send-activity-to-former-members.ts'),
    scenario: liveRoomList,
    adjust: { patienceMs: 4_000 },
    shownBy: ['receivedAfter'],
  },
];
