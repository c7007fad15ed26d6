/** All promises that are put to the test, in the order in which they run: those that share a build follow each other. */

import type { Scenario } from './harness/scenario.ts';
import { aStorm } from './scenarios/a-storm.ts';
import { acknowledgedMeansDurable } from './scenarios/acknowledged-means-durable.ts';
import { atLeastOnceIsEnough } from './scenarios/at-least-once-is-enough.ts';
import { continuity } from './scenarios/continuity.ts';
import { largeRooms } from './scenarios/large-rooms.ts';
import { lateWriters } from './scenarios/late-writers.ts';
import { noGapAtTheDoor } from './scenarios/no-gap-at-the-door.ts';
import { noHoleThatLasts } from './scenarios/no-hole-that-lasts.ts';
import { oneOrder } from './scenarios/one-order.ts';
import { plannedReconnects } from './scenarios/planned-reconnects.ts';
import { presenceIsTrue } from './scenarios/presence-is-true.ts';
import { removedMeansOut } from './scenarios/removed-means-out.ts';
import { repeatsAreOne } from './scenarios/repeats-are-one.ts';
import { theModel } from './scenarios/the-model.ts';
import { tokensThatEnd } from './scenarios/tokens-that-end.ts';
import { troubledSockets } from './scenarios/troubled-sockets.ts';

/** Functions, database and stream fail under load. */
const underKills: readonly Scenario<any>[] = [acknowledgedMeansDurable, repeatsAreOne];

const logScenarios: readonly Scenario<any>[] = [
  oneOrder,
  noHoleThatLasts,
  atLeastOnceIsEnough,
  troubledSockets,
  theModel,
  lateWriters,
];

const comingAndGoing: readonly Scenario<any>[] = [
  continuity,
  noGapAtTheDoor,
  removedMeansOut,
  largeRooms,
  aStorm,
];

/** Most of their time is waiting for something to end. */
const endings: readonly Scenario<any>[] = [presenceIsTrue, plannedReconnects, tokensThatEnd];

/** In parts that can run side by side, of about the same length. */
export const scenarioGroups = { underKills, logScenarios, comingAndGoing, endings };

export const scenarios: readonly Scenario<any>[] = Object.values(scenarioGroups).flat();
