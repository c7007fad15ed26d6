/** Calculates dollars from counts. */

import { assumptions, prices } from './prices.ts';

/** Counts of the function that handled an operation, or of what followed in the table stream. */
export interface Counts {
  writeUnits: number;
  readUnits: number;
  posts: number;
  invocations: number;
  roundTrips: number;
}

export interface Operation {
  /** The function that handled the operation, and what followed in the table stream. */
  parts: readonly Counts[];
  trigger: 'frame' | 'http';
}

/** Dollars for a million operations. */
export interface Price {
  /** API Gateway: messages in both directions, or requests. */
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
  // For a million operations: as many megabytes as bytes, of which a thousand are a charged gigabyte.
  const transfer = (bytesOut / 1_000) * prices.perGbOut;
  const database =
    sum((part) => part.writeUnits) * prices.perMillionWriteUnits +
    sum((part) => part.readUnits) * prices.perMillionReadUnits;
  const functions =
    sum((part) => part.invocations) * prices.perMillionInvocations +
    sum(billedMs) * 1_000 * assumptions.memoryGb * prices.perGbSecond;
  return { gateway, transfer, database, functions, total: gateway + transfer + database + functions };
}

/** Returns the billed milliseconds of all invocations. */
export function billedMs({ invocations, roundTrips, posts }: Counts): number {
  if (invocations === 0) return 0;
  const { handlerMs, databaseMs, postMs, concurrentPosts, postCpuMs } = assumptions;
  const waves = Math.ceil(posts / invocations / concurrentPosts);
  return invocations * (handlerMs + roundTrips * databaseMs + waves * postMs) + posts * postCpuMs;
}

/** Returns the total relative to the charges of API Gateway and data transfer. */
export function overGateway({ gateway, transfer, total }: Price): number {
  return total / (gateway + transfer);
}
