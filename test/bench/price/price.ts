/** Calculates dollars from counts. */

import { prices } from '../../../infra/prices.ts';
import { assumptions } from './assumptions.ts';

/** Counts of the function that handled an operation, or of what followed in the table stream. */
export interface Counts {
  writeUnits: number;
  readUnits: number;
  posts: number;
  invocations: number;
  logBytes: number;
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
  /** Lines of functions, those with metrics among them, and of access logs. */
  logs: number;
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
  // For a million operations: as many megabytes as bytes, of which a thousand are a charged gigabyte.
  const logs = ((sum((part) => part.logBytes) + assumptions.accessLogBytes) / 1_000) * prices.perGbLogged;
  const total = gateway + transfer + database + functions + logs;
  return { gateway, transfer, database, functions, logs, total };
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
