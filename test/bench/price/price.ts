/** From counts to dollars; pure. */

import { assumptions, prices } from './prices.ts';

/** Counts of one operation's function, or of the reactions that follow from it. */
export interface Counts {
  writeUnits: number;
  readUnits: number;
  posts: number;
  invocations: number;
  roundTrips: number;
}

export interface Operation {
  /** The function that was asked, and the reactions. */
  parts: readonly Counts[];
  /** By what it comes in. */
  trigger: 'frame' | 'http';
}

/** Dollars for a million of them. */
export interface Price {
  /** API Gateway's own: messages in both directions, or requests. */
  gateway: number;
  transfer: number;
  database: number;
  functions: number;
  total: number;
}

export function pricePerMillion({ parts, trigger }: Operation): Price {
  const sum = (of: (counts: Counts) => number): number => parts.reduce((all, part) => all + of(part), 0);
  const posts = sum((part) => part.posts);
  const isFrame = trigger === 'frame';
  const gateway =
    (isFrame ? prices.perMillionSocketMessages : prices.perMillionHttpRequests) +
    posts * prices.perMillionSocketMessages;
  const bytesOut = posts * assumptions.eventBytes + (isFrame ? 0 : assumptions.httpAnswerBytes);
  // A million of them: bytes become megabytes, a thousandth of the gigabytes that are charged.
  const transfer = (bytesOut / 1_000) * prices.perGbOut;
  const database =
    sum((part) => part.writeUnits) * prices.perMillionWriteUnits +
    sum((part) => part.readUnits) * prices.perMillionReadUnits;
  const functions =
    sum((part) => part.invocations) * prices.perMillionInvocations +
    sum(billedMs) * 1_000 * assumptions.memoryGb * prices.perGbSecond;
  return { gateway, transfer, database, functions, total: gateway + transfer + database + functions };
}

/** All invocations together. */
export function billedMs({ invocations, roundTrips, posts }: Counts): number {
  if (invocations === 0) return 0;
  const { handlerMs, databaseMs, postMs, postsAtOnce, postCpuMs } = assumptions;
  const waves = Math.ceil(posts / invocations / postsAtOnce);
  return invocations * (handlerMs + roundTrips * databaseMs + waves * postMs) + posts * postCpuMs;
}

/** Against what API Gateway and the network charge for the same. */
export function overGateway({ gateway, transfer, total }: Price): number {
  return total / (gateway + transfer);
}
