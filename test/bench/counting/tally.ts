/** Adds up what functions did for one operation: the one that was asked, and those that follow from the change. */

import type { FunctionName } from '../../../infra/functions.ts';
import type { CountedCall } from './counted-runtime.ts';
import { roundTrips } from './round-trips.ts';

export interface Sum {
  readUnits: number;
  writeUnits: number;
  /** Of the database. */
  requests: number;
  posts: number;
  invocations: number;
  /** The longest of its invocations: database requests that waited for each other. */
  roundTrips: number;
  /** The same, of those that had been answered when the first post was made; undefined without a post. */
  roundTripsToFirstPost: number | undefined;
  /** Posts of the invocation that made most of them. */
  postsAtMost: number;
}

export interface Tally {
  direct: Sum;
  /** Of `react` and `deliver`. */
  reaction: Sum;
}

const reacts: readonly FunctionName[] = ['tableStream', 'fanOut'];

export function tally(calls: readonly CountedCall[]): Tally {
  return {
    direct: sum(calls.filter((call) => !reacts.includes(call.function))),
    reaction: sum(calls.filter((call) => reacts.includes(call.function))),
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
    roundTrips: Math.max(0, ...invocations.map((one) => roundTrips(requestsIn(one)))),
    roundTripsToFirstPost: toFirstPost.length === 0 ? undefined : Math.max(...toFirstPost),
    postsAtMost: Math.max(0, ...invocations.map((one) => countPosts(one))),
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
