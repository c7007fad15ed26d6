import { describe, expect, it } from 'vitest';
import type { CountedCall } from './counted-runtime.ts';
import { tally } from './tally.ts';

function call(request: Partial<CountedCall>): CountedCall {
  const usual = { kind: 'database', name: 'Get', environment: 'e', invocation: 1, start: 0, end: 1 } as const;
  return { ...usual, function: 'message', ...request };
}

const posts = (count: number, start: number, end: number) => call({ kind: 'post', count, start, end });

describe('the tally of an operation', () => {
  it('adds up units, requests, posts and invocations', () => {
    const { direct } = tally([
      call({ readUnits: 1 }),
      call({ writeUnits: 2, start: 1, end: 2 }),
      posts(11, 2, 3),
      call({ kind: 'invocation', start: 0, end: 3 }),
    ]);
    expect(direct).toMatchObject({ readUnits: 1, writeUnits: 2, requests: 2, posts: 11, invocations: 1 });
  });

  it('counts the round trips that ended before the first post', () => {
    const { direct } = tally([
      call({}),
      call({ start: 1, end: 2 }),
      posts(3, 2, 5),
      call({ start: 3, end: 4 }),
    ]);
    expect(direct).toMatchObject({ roundTrips: 3, roundTripsToFirstPost: 2 });
  });

  it('does not chain requests of different invocations', () => {
    const { direct } = tally([call({}), call({ invocation: 2, start: 5, end: 6 })]);
    expect(direct.roundTrips).toBe(1);
  });

  it('separates the calls that follow in the table stream', () => {
    const { direct, followUp } = tally([
      call({ readUnits: 1 }),
      call({ function: 'tableStream', readUnits: 5 }),
      { ...posts(4, 0, 1), function: 'fanOut', environment: 'd' },
    ]);
    expect(direct).toMatchObject({ readUnits: 1, posts: 0, roundTripsToFirstPost: undefined });
    expect(followUp).toMatchObject({ readUnits: 5, posts: 4, maxPostsOfOneInvocation: 4 });
  });
});
