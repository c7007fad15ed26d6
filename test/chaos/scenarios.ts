/** Lists the scenarios, in groups that the tests run side by side. */

import type { Scenario } from './harness/scenario.ts';
import { accuratePresence } from './scenarios/accurate-presence.ts';
import { acknowledgedMeansDurable } from './scenarios/acknowledged-means-durable.ts';
import { atLeastOnceDelivery } from './scenarios/at-least-once-delivery.ts';
import { clientModel } from './scenarios/client-model.ts';
import { continuity } from './scenarios/continuity.ts';
import { expiringTokens } from './scenarios/expiring-tokens.ts';
import { failingSockets } from './scenarios/failing-sockets.ts';
import { keptFiles } from './scenarios/kept-files.ts';
import { largeRooms } from './scenarios/large-rooms.ts';
import { filesModel } from './scenarios/files-model.ts';
import { lateWriters } from './scenarios/late-writers.ts';
import { liveRoomList } from './scenarios/live-room-list.ts';
import { noEventsAfterRemoval } from './scenarios/no-events-after-removal.ts';
import { noGapOnJoining } from './scenarios/no-gap-on-joining.ts';
import { noLastingGap } from './scenarios/no-lasting-gap.ts';
import { oneOrder } from './scenarios/one-order.ts';
import { plannedReconnects } from './scenarios/planned-reconnects.ts';
import { reconnectStorm } from './scenarios/reconnect-storm.ts';
import { repeatedSends } from './scenarios/repeated-sends.ts';
import { searchDeleted } from './scenarios/search-deleted.ts';
import { serverModel } from './scenarios/server-model.ts';

type Group = readonly Scenario<any>[];

/**
 * Each group is one test file of `test/chaos/promises`, and takes less than a minute on two cores that do nothing else.
 * Scenarios that need the same settings share a runtime when they are in one group.
 */
export const scenarioGroups = {
  durability: [acknowledgedMeansDurable, repeatedSends],
  order: [oneOrder, noLastingGap, liveRoomList],
  delivery: [atLeastOnceDelivery, lateWriters],
  failingSockets: [failingSockets, serverModel],
  resuming: [continuity, noGapOnJoining],
  removal: [noEventsAfterRemoval, largeRooms],
  searching: [searchDeleted],
  reconnectStorm: [reconnectStorm],
  presence: [accuratePresence],
  plannedReconnects: [plannedReconnects],
  expiringTokens: [expiringTokens],
  files: [keptFiles],
} as const satisfies Record<string, Group>;

/** Includes the models of the client and of files, which `npm test` runs in the model project. */
export const scenarios: Group = [...Object.values(scenarioGroups).flat(), clientModel, filesModel];
