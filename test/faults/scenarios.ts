/** All promises that are put to the test, in the order in which they run: those that share a build follow each other. */

import type { Scenario } from './harness/scenario.ts';
import { acknowledgedMeansDurable } from './scenarios/acknowledged-means-durable.ts';
import { atLeastOnceIsEnough } from './scenarios/at-least-once-is-enough.ts';
import { lateWriters } from './scenarios/late-writers.ts';
import { noHoleThatLasts } from './scenarios/no-hole-that-lasts.ts';
import { oneOrder } from './scenarios/one-order.ts';
import { repeatsAreOne } from './scenarios/repeats-are-one.ts';
import { troubledSockets } from './scenarios/troubled-sockets.ts';

export const scenarios: readonly Scenario<any>[] = [
  acknowledgedMeansDurable,
  repeatsAreOne,
  oneOrder,
  noHoleThatLasts,
  atLeastOnceIsEnough,
  troubledSockets,
  lateWriters,
];
