import { describe, expect, it, vi } from 'vitest';
import { userBudget, type UserBudget } from '../../../../shared/domain/rate-limits/user-budget.ts';
import { memoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob } from '../../../kit/memory-chat/system.ts';

const settings = { microDollarsPerMinute: 100, writesPer10Seconds: 3 };
const cheapWrite = { costMicroDollars: 1, isWrite: true };
const limited = (retryAfterMs: number) => ({ code: 'rate_limited', retryAfterMs });

/** One store, and one budget for each function instance. The clock stands at the start of a minute. */
function spending(changes: Partial<typeof settings> = {}) {
  const { budgets, clock } = memoryChat();
  const instance = (): UserBudget => userBudget({ budgets, clock }, { ...settings, ...changes });
  return { budgets, clock, instance, budget: instance() };
}

describe('the cost per minute', () => {
  it('admits requests until the budget is spent, and then refuses them until the minute is over', async () => {
    const { budget, clock } = spending();
    clock.pass(20_000);
    for (let count = 0; count < 4; count += 1) await budget.spend(ann.userId, { costMicroDollars: 25 });
    await expect(budget.spend(ann.userId, { costMicroDollars: 1 })).rejects.toMatchObject(limited(40_000));
    clock.pass(39_999);
    await expect(budget.spend(ann.userId, { costMicroDollars: 1 })).rejects.toMatchObject(limited(1));
    clock.pass(1);
    await expect(budget.spend(ann.userId, { costMicroDollars: 25 })).resolves.toBeUndefined();
  });

  it('admits one request that costs more than the rest of the budget, or more than all of it', async () => {
    const { budget } = spending();
    await budget.spend(ann.userId, { costMicroDollars: 99 });
    await budget.spend(ann.userId, { costMicroDollars: 1_000 });
    await expect(budget.spend(ann.userId, { costMicroDollars: 0 })).rejects.toMatchObject(limited(60_000));
    const { budget: other } = spending();
    await expect(other.spend(ann.userId, { costMicroDollars: 101 })).resolves.toBeUndefined();
  });

  it('limits requests at the same moment on all instances together', async () => {
    const { instance } = spending({ microDollarsPerMinute: 10, writesPer10Seconds: 1_000 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, at) =>
        instance().spend(ann.userId, { costMicroDollars: 2, isWrite: at % 2 === 0 }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('limits each user separately, on all instances together', async () => {
    const { instance } = spending();
    await instance().spend(ann.userId, { costMicroDollars: 100 });
    await expect(instance().spend(ann.userId, { costMicroDollars: 1 })).rejects.toMatchObject(
      limited(60_000),
    );
    await expect(instance().spend(bob.userId, { costMicroDollars: 1 })).resolves.toBeUndefined();
  });
});

describe('the writes per ten seconds', () => {
  it('are limited on all instances together, and admitted again in the next window', async () => {
    const { instance, clock } = spending();
    clock.pass(4_000);
    // Writes over HTTP and over each socket are made by different instances.
    for (let count = 0; count < 3; count += 1) await instance().spend(ann.userId, cheapWrite);
    await expect(instance().spend(ann.userId, cheapWrite)).rejects.toMatchObject(limited(6_000));
    clock.pass(6_000);
    await expect(instance().spend(ann.userId, cheapWrite)).resolves.toBeUndefined();
  });

  it('do not limit requests that are not writes', async () => {
    const { budget } = spending();
    for (let count = 0; count < 3; count += 1) await budget.spend(ann.userId, cheapWrite);
    await expect(budget.spend(ann.userId, cheapWrite)).rejects.toMatchObject(limited(10_000));
    await expect(budget.spend(ann.userId, { costMicroDollars: 1 })).resolves.toBeUndefined();
  });

  it('are limited also when they are made at the same moment', async () => {
    const { budget } = spending();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => budget.spend(ann.userId, cheapWrite)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });
});

describe('a refusal', () => {
  it('because of the cost is remembered, and later requests are refused without a write to the table', async () => {
    const { budget, budgets, clock } = spending();
    await budget.spend(ann.userId, { costMicroDollars: 100 });
    await expect(budget.spend(ann.userId, { costMicroDollars: 1 })).rejects.toMatchObject(limited(60_000));
    const before = budgets.spent.length;
    clock.pass(10_000);
    for (const charge of [{ costMicroDollars: 1 }, cheapWrite])
      await expect(budget.spend(ann.userId, charge)).rejects.toMatchObject(limited(50_000));
    expect(budgets.spent).toHaveLength(before);
    clock.pass(50_000);
    await budget.spend(ann.userId, { costMicroDollars: 1 });
    expect(budgets.spent).toHaveLength(before + 1);
  });

  it('because of the writes is remembered for writes only', async () => {
    const { budget, budgets } = spending();
    for (let count = 0; count < 3; count += 1) await budget.spend(ann.userId, cheapWrite);
    await expect(budget.spend(ann.userId, cheapWrite)).rejects.toMatchObject(limited(10_000));
    const before = budgets.spent.length;
    await expect(budget.spend(ann.userId, cheapWrite)).rejects.toMatchObject(limited(10_000));
    expect(budgets.spent).toHaveLength(before);
    await budget.spend(ann.userId, { costMicroDollars: 1 });
    expect(budgets.spent).toHaveLength(before + 1);
  });

  it('is remembered for its user only', async () => {
    const { budget } = spending();
    await budget.spend(ann.userId, { costMicroDollars: 100 });
    await expect(budget.spend(ann.userId, { costMicroDollars: 1 })).rejects.toMatchObject(limited(60_000));
    await expect(budget.spend(bob.userId, { costMicroDollars: 1 })).resolves.toBeUndefined();
  });

  it('is forgotten, oldest first, beyond 5,000 users, and then made again from the table', async () => {
    const { budget, budgets } = spending({ microDollarsPerMinute: 1 });
    const refuse = async (userId: string): Promise<void> => {
      await budget.spend(userId, { costMicroDollars: 1 });
      await expect(budget.spend(userId, { costMicroDollars: 1 })).rejects.toMatchObject({
        code: 'rate_limited',
      });
    };
    for (let user = 0; user <= 5_000; user += 1) await refuse(`user-${user}`);
    const before = budgets.spent.length;
    for (const user of ['user-0', 'user-5000'])
      await expect(budget.spend(user, { costMicroDollars: 1 })).rejects.toMatchObject({
        code: 'rate_limited',
      });
    expect(budgets.spent.slice(before).map(({ userId }) => userId)).toEqual(['user-0']);
  });
});

describe('a charge after a request has been served', () => {
  it('never refuses, and counts against later requests', async () => {
    const { budget } = spending();
    await budget.charge(ann.userId, 80);
    await budget.charge(ann.userId, 80);
    await expect(budget.spend(ann.userId, { costMicroDollars: 1 })).rejects.toMatchObject(limited(60_000));
    await expect(budget.charge(ann.userId, 80)).resolves.toBeUndefined();
  });

  it('of zero makes no write to the table', async () => {
    const { budget, budgets } = spending();
    await budget.charge(ann.userId, 0);
    expect(budgets.spent).toEqual([]);
  });

  it('does not count as a write', async () => {
    const { budget } = spending();
    for (let count = 0; count < 5; count += 1) await budget.charge(ann.userId, 1);
    await expect(budget.spend(ann.userId, cheapWrite)).resolves.toBeUndefined();
  });
});

describe('light reads', () => {
  it('are limited per user, instance and window of ten seconds, without a write to the table', () => {
    const { budget, budgets, instance, clock } = spending();
    clock.pass(4_000);
    for (let count = 0; count < 300; count += 1) budget.spendLight(ann.userId);
    expect(() => budget.spendLight(ann.userId)).toThrow(expect.objectContaining(limited(6_000)));
    expect(() => budget.spendLight(bob.userId)).not.toThrow();
    expect(() => instance().spendLight(ann.userId)).not.toThrow();
    clock.pass(6_000);
    expect(() => budget.spendLight(ann.userId)).not.toThrow();
    expect(budgets.spent).toEqual([]);
  });
});

describe('a budget whose store fails', () => {
  it('rethrows the error, and does not remember it as a refusal', async () => {
    const { budget, budgets } = spending();
    vi.spyOn(budgets, 'spend').mockRejectedValueOnce(new Error('throttled'));
    await expect(budget.spend(ann.userId, cheapWrite)).rejects.toThrow('throttled');
    await expect(budget.spend(ann.userId, cheapWrite)).resolves.toBeUndefined();
  });
});
