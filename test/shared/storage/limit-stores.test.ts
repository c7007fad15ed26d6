import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { budgetStore } from '../../../shared/storage/entities/budget.ts';
import { limitStore } from '../../../shared/storage/entities/limit.ts';
import { ticketStore } from '../../../shared/storage/entities/ticket.ts';
import { ann, start } from '../../kit/memory-chat/system.ts';
import { ttlOf } from './stored-items.ts';
import { keys } from './stored-keys.ts';
import { startTable } from './started-table.ts';

const started = await startTable();
const { table } = started;
const budgets = budgetStore(table);

describe('a ticket', () => {
  it('is returned once, to one of several concurrent requests', async () => {
    const tickets = ticketStore(table);
    const ticket = { ...ann, endsAtMs: start };
    await tickets.put('hash', ticket);
    const taken = await Promise.all([1, 2, 3].map(() => tickets.take('hash')));
    expect(taken.filter((found) => found !== undefined)).toEqual([ticket]);
    expect(await tickets.take('hash')).toBeUndefined();
  });
});

describe('a counter', () => {
  it('counts each hit of its scope and window', async () => {
    const limits = limitStore(table);
    const hits = await Promise.all([1, 2, 3].map(() => limits.hit('scope', 1_000, 60_000)));
    expect(hits.sort((a, b) => a - b)).toEqual([1, 2, 3]);
    await limits.hit('scope', 61_000, 60_000);
    expect(await limits.counts(['other', 'scope'], 1_000)).toEqual([0, 3]);
    await limits.refund('scope', 1_000);
    await limits.refund('other', 1_000);
    expect(await limits.counts(['other', 'scope'], 1_000)).toEqual([0, 2]);
    expect(await ttlOf(started, keys.limit('other', 1_000))).toBeUndefined();
    expect(await ttlOf(started, keys.limit('scope', 1_000))).toBe(61);
  });
});

describe('the budget of a user', () => {
  const minute = start - (start % 60_000);

  it('sums the cost of each minute, and the writes of each ten seconds', async () => {
    const userId = randomUUID();
    const spend = (costMicroDollars: number, writes: number, after: number) =>
      budgets.spend(userId, { costMicroDollars, writes }, minute + after);
    expect(await spend(100, 1, 0)).toEqual({ costMicroDollars: 100, writes: 1 });
    expect(await spend(50, 0, 5_000)).toEqual({ costMicroDollars: 150, writes: 1 });
    expect(await spend(1, 1, 9_999)).toEqual({ costMicroDollars: 151, writes: 2 });
    expect(await spend(1, 0, 10_000)).toEqual({ costMicroDollars: 152, writes: 0 });
    expect(await spend(1, 1, 59_999)).toEqual({ costMicroDollars: 153, writes: 1 });
    expect(await spend(7, 1, 60_000)).toEqual({ costMicroDollars: 7, writes: 1 });
    expect(await budgets.spend(randomUUID(), { costMicroDollars: 3, writes: 0 }, minute)).toEqual({
      costMicroDollars: 3,
      writes: 0,
    });
  });

  it('sums concurrent spending exactly', async () => {
    const userId = randomUUID();
    const spent = await Promise.all(
      Array.from({ length: 20 }, () => budgets.spend(userId, { costMicroDollars: 5, writes: 1 }, minute)),
    );
    const inOrder = spent.sort((a, b) => a.writes - b.writes);
    expect(inOrder).toEqual(
      Array.from({ length: 20 }, (_, at) => ({ costMicroDollars: 5 * (at + 1), writes: at + 1 })),
    );
  });

  it('expires after its minute', async () => {
    const userId = randomUUID();
    await budgets.spend(userId, { costMicroDollars: 5, writes: 1 }, minute + 30_000);
    expect(await ttlOf(started, keys.limit(`budget/${userId}`, minute))).toBe(minute / 1_000 + 60);
  });
});
