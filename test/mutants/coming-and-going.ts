/** Builds with one deliberate defect in opening, ending or evicting connections, each with the scenario that must find it. */

import { continuity } from '../chaos/scenarios/continuity.ts';
import { largeRooms } from '../chaos/scenarios/large-rooms.ts';
import { noGapAtTheDoor } from '../chaos/scenarios/no-gap-at-the-door.ts';
import { plannedReconnects } from '../chaos/scenarios/planned-reconnects.ts';
import { presenceIsTrue } from '../chaos/scenarios/presence-is-true.ts';
import { removedMeansOut } from '../chaos/scenarios/removed-means-out.ts';
import { tokensThatEnd } from '../chaos/scenarios/tokens-that-end.ts';
import type { BrokenBuild } from './builds.ts';

export const brokenForThoseWhoComeAndGo: readonly BrokenBuild[] = [
  {
    whose: 'removal leaves the subscriptions',
    patches: [
      {
        file: 'shared/domain/rooms/membership/end-membership.ts',
        find: 'if (open === undefined) return;',
        replace: 'if (roomId !== "") return;',
      },
    ],
    scenario: removedMeansOut,
    shownBy: ['heardAfter'],
  },
  {
    whose: 'socket is subscribed to its room too late',
    patches: [
      {
        file: 'shared/realtime/admit-socket.ts',
        find: 'await register(registered);',
        replace: 'setTimeout(() => void register(registered).catch(() => undefined), 700);',
      },
    ],
    scenario: noGapAtTheDoor,
    shownBy: ['missed'],
  },
  {
    whose: 'fan-out keeps connections that are gone',
    patches: [
      {
        file: 'shared/realtime/fan-out.ts',
        find: "if (outcome === 'gone' && now - openedAt > handshakeMs)",
        replace: "if (outcome === 'gone' && now - openedAt > 3_600_000)",
      },
    ],
    scenario: presenceIsTrue,
    adjust: { rooms: 1, comings: 0, patienceMs: 5_000 },
    shownBy: ['stillShown', 'leftBehind'],
  },
  {
    whose: 'answer to a seq ahead of the log names no gap',
    patches: [
      {
        file: 'shared/realtime/send-history.ts',
        find: 'recovered: false, gap: { from, to: after }',
        replace: 'recovered: true',
      },
    ],
    scenario: continuity,
    shownBy: ['wrongGap'],
  },
  {
    whose: 'slices of a large room lack a subscriber',
    patches: [
      {
        file: 'shared/realtime/slice-subscribers.ts',
        find: 'const recipients = slice.map(',
        replace: 'const recipients = slice.slice(1).map(',
      },
    ],
    scenario: largeRooms,
    adjust: { steps: 2 },
    shownBy: ['missed'],
  },
  {
    whose: 'planned reconnect is not announced',
    patches: [
      {
        file: 'shared/realtime/fan-out.ts',
        find: "await endSocket(ports, connectionId, 'reconnect', 'Planned reconnect: connect again and resume');",
        replace:
          'await Promise.all([ports.connectionGateway.close(connectionId), ports.connections.remove(connectionId)]);',
      },
    ],
    scenario: plannedReconnects,
    adjust: { sockets: 2, returns: 1 },
    shownBy: ['unannounced'],
  },
  {
    whose: 'fan-out ignores the end of a token',
    patches: [
      {
        file: 'shared/domain/connections/subscribers.ts',
        find: 'return leaseEndsAt > now && tokenEndsAt > now;',
        replace: 'return leaseEndsAt > now && tokenEndsAt > 0;',
      },
    ],
    scenario: tokensThatEnd,
    adjust: { sockets: 2 },
    shownBy: ['heardAfter', 'leftOpen'],
  },
];
