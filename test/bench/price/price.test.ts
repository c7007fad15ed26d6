import { describe, expect, it } from 'vitest';
import { dailyOperations, day, daysOfMonth, monthlyPrice, type DailyOperation } from './monthly.ts';
import { billedMs, overGateway, pricePerMillion, type Counts, type Price } from './price.ts';

const none: Counts = { writeUnits: 0, readUnits: 0, posts: 0, invocations: 0, roundTrips: 0, logBytes: 0 };
const message: Counts = {
  writeUnits: 3,
  readUnits: 2,
  posts: 11,
  invocations: 1,
  roundTrips: 4,
  logBytes: 720,
};

describe('the price of a million', () => {
  it('includes the message in, the posts out, the capacity units and the invocations', () => {
    const price = pricePerMillion({ parts: [message], trigger: 'frame' });
    expect(price.gateway).toBe(12);
    expect(price.database).toBeCloseTo(3 * 0.625 + 2 * 0.125, 9);
    // 11 events of 450 bytes, a million times, are 4.95 GB.
    expect(price.transfer).toBeCloseTo(4.95 * 0.09, 9);
    // 5 ms, four round trips of 5 ms, concurrent posts in 10 ms, and 11 times 0.3 ms: 38.3 ms of half a gigabyte.
    expect(price.functions).toBeCloseTo(0.2 + 38.3 * 1_000 * 0.5 * 0.0000133334, 9);
    // 720 bytes of the function and 280 of the access log, a million times, are a gigabyte.
    expect(price.logs).toBeCloseTo(0.5, 9);
    const { gateway, transfer, database, functions, logs } = price;
    expect(price.total).toBeCloseTo(gateway + transfer + database + functions + logs, 9);
  });

  it('adds what follows in the table stream', () => {
    const alone = pricePerMillion({ parts: [message], trigger: 'frame' });
    const more = pricePerMillion({ parts: [message, { ...none, posts: 10 }], trigger: 'frame' });
    expect(more.gateway - alone.gateway).toBe(10);
  });

  it('includes the request and its answer for an operation over HTTP', () => {
    const price = pricePerMillion({ parts: [none], trigger: 'http' });
    expect(price.gateway).toBe(1);
    expect(price.transfer).toBeGreaterThan(0);
  });

  it('is compared with the charges of API Gateway and data transfer', () => {
    const price: Price = { gateway: 8, transfer: 2, database: 2, functions: 0.25, logs: 0.25, total: 12.5 };
    expect(overGateway(price)).toBe(1.25);
  });
});

describe('the billed time of functions', () => {
  it('is zero without an invocation', () => {
    expect(billedMs(none)).toBe(0);
  });

  it('grows with every fifty posts of one invocation', () => {
    const waiting = (posts: number) => billedMs({ ...message, posts }) - posts * 0.3;
    expect(waiting(50)).toBe(waiting(1));
    expect(waiting(51) - waiting(50)).toBeCloseTo(10, 9);
  });
});

describe('a month', () => {
  const dollar: Price = { gateway: 1, transfer: 0, database: 0, functions: 0, logs: 0, total: 1 };
  const each = Object.fromEntries(dailyOperations.map((name) => [name, dollar])) as Record<
    DailyOperation,
    Price
  >;

  it('includes every operation of each user on each day, and their minutes online', () => {
    const operations = dailyOperations.reduce((sum, name) => sum + day[name], 0);
    const minutes = day.minutesOnline * 0.25;
    expect(monthlyPrice(1_000_000, each).total).toBeCloseTo(daysOfMonth * (operations + minutes), 6);
  });

  it('grows with the number of users', () => {
    expect(monthlyPrice(200, each).total).toBeCloseTo(2 * monthlyPrice(100, each).total, 9);
  });
});
