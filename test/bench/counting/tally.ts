/** Adds up the calls of one operation: those of its function, and those of the functions behind the table stream. */

import type { FunctionName } from '../../../infra/functions.ts';
import type { CountedCall } from './counted-runtime.ts';
import { roundTrips } from './round-trips.ts';

export interface Sum {
  readUnits: number;
  writeUnits: number;
  /** Requests to the database. */
  requests: number;
  posts: number;
  invocations: number;
  /** Bytes of log lines, the lines with metrics among them. */
  logBytes: number;
  /** Database requests that waited for each other, in the invocation with the most of them. */
  roundTrips: number;
  /** The same for requests that were answered before the first post; undefined without a post. */
  roundTripsToFirstPost: number | undefined;
  /** Posts of the invocation that made the most. */
  maxPostsOfOneInvocation: number;
}

export interface Tally {
  direct: Sum;
  /** What followed in `tableStream` and the functions that it invokes. */
  followUp: Sum;
}

const followUpFunctions: readonly FunctionName[] = ['tableStream', 'fanOut', 'welcome', 'inbox', 'cleanup'];

export function tally(calls: readonly CountedCall[]): Tally {
  return {
    direct: sum(calls.filter((call) => !followUpFunctions.includes(call.function))),
    followUp: sum(calls.filter((call) => followUpFunctions.includes(call.function))),
  };
}

export function sum(calls: readonly CountedCall[]): Sum {
  const of = (kind: CountedCall['kind']): CountedCall[] => calls.filter((call) => call.kind === kind);
  const add = (unit: 'readUnits' | 'writeUnits'): number =>
    of('database').reduce((total, call) => total + (call[unit] ?? 0), 0);
  const invocations = byInvocation(calls);
  const toFirstPost = invocations.flatMap(roundTripsToFirstPost);
  return {
    readUnits: add('readUnits'),
    writeUnits: add('writeUnits'),
    requests: of('database').length,
    posts: countPosts(calls),
    invocations: of('invocation').length,
    logBytes: of('log').reduce((total, { logBytes = 0 }) => total + logBytes, 0),
    roundTrips: Math.max(0, ...invocations.map((one) => roundTrips(requestsIn(one)))),
    roundTripsToFirstPost: toFirstPost.length === 0 ? undefined : Math.max(...toFirstPost),
    maxPostsOfOneInvocation: Math.max(0, ...invocations.map((one) => countPosts(one))),
  };
}

function byInvocation(calls: readonly CountedCall[]): CountedCall[][] {
  const groups = new Map<string, CountedCall[]>();
  for (const call of calls) {
    const name = `${call.environment} ${call.invocation}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [call]);
    else group.push(call);
  }
  return [...groups.values()];
}

const requestsIn = (calls: CountedCall[]): CountedCall[] => calls.filter(({ kind }) => kind === 'database');
const postsIn = (calls: readonly CountedCall[]): CountedCall[] => calls.filter(({ kind }) => kind === 'post');

function countPosts(calls: readonly CountedCall[]): number {
  return postsIn(calls).reduce((total, { count = 0 }) => total + count, 0);
}

function roundTripsToFirstPost(calls: CountedCall[]): number[] {
  const posts = postsIn(calls);
  if (posts.length === 0) return [];
  const first = Math.min(...posts.map(({ start }) => start));
  return [roundTrips(requestsIn(calls).filter(({ end }) => end <= first))];
}
