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

/** What is promised of a room's log. */
export const logScenarios: readonly Scenario<any>[] = [
  acknowledgedMeansDurable,
  repeatsAreOne,
  oneOrder,
  noHoleThatLasts,
  atLeastOnceIsEnough,
  troubledSockets,
  theModel,
  lateWriters,
];

/** What is promised to those who come, go and are sent away. */
export const comingAndGoingScenarios: readonly Scenario<any>[] = [
  continuity,
  noGapAtTheDoor,
  removedMeansOut,
  largeRooms,
  aStorm,
  presenceIsTrue,
  plannedReconnects,
  tokensThatEnd,
];

export const scenarios: readonly Scenario<any>[] = [...logScenarios, ...comingAndGoingScenarios];
