import { describe, expect, it, vi } from 'vitest';
import { userBudget, type UserBudget } from '../../../../shared/domain/rate-limits/user-budget.ts';
import { fakeBudgets } from '../../fakes/people.ts';
import { ann, bob, fakeClock } from '../../fakes/system.ts';

const settings = { microDollarsPerMinute: 100, writesPer10Seconds: 3 };
const cheapWrite = { costMicroDollars: 1, isWrite: true };
const limited = (retryAfterMs: number) => ({ code: 'rate_limited', retryAfterMs });

/** One store, and a budget for each instance of a function that charges it. The clock stands at the start of a minute. */
function spending(changes: Partial<typeof settings> = {}) {
  const [budgets, clock] = [fakeBudgets(), fakeClock()];
  const instance = (): UserBudget => userBudget({ budgets, clock }, { ...settings, ...changes });
  return { budgets, clock, instance, budget: instance() };
}

describe('the minute of a budget', () => {
  it('lets through what begins before it is spent, and refuses the rest until the minute is over', async () => {
    const { budget, clock } = spending();
    clock.pass(20_000);
    for (let count = 0; count < 4; count += 1) await budget.spend(ann.userId, { costMicroDollars: 25 });
    await expect(budget.spend(ann.userId, { costMicroDollars: 1 })).rejects.toMatchObject(limited(40_000));
    clock.pass(39_999);
    await expect(budget.spend(ann.userId, { costMicroDollars: 1 })).rejects.toMatchObject(limited(1));
    clock.pass(1);
    await expect(budget.spend(ann.userId, { costMicroDollars: 25 })).resolves.toBeUndefined();
  });

  it('lets one thing through that costs more than what is left, or more than all of it', async () => {
    const { budget } = spending();
    await budget.spend(ann.userId, { costMicroDollars: 99 });
    await budget.spend(ann.userId, { costMicroDollars: 1_000 });
    await expect(budget.spend(ann.userId, { costMicroDollars: 0 })).rejects.toMatchObject(limited(60_000));
    const { budget: other } = spending();
    await expect(other.spend(ann.userId, { costMicroDollars: 101 })).resolves.toBeUndefined();
  });

  it('holds for everything that is spent at once, by whichever instance', async () => {
    const { instance } = spending({ microDollarsPerMinute: 10, writesPer10Seconds: 1_000 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, at) =>
        instance().spend(ann.userId, { costMicroDollars: 2, isWrite: at % 2 === 0 }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('is one for all that a user does, and another for every other user', async () => {
    const { instance } = spending();
    await instance().spend(ann.userId, { costMicroDollars: 100 });
    await expect(instance().spend(ann.userId, { costMicroDollars: 1 })).rejects.toMatchObject(
      limited(60_000),
    );
    await expect(instance().spend(bob.userId, { costMicroDollars: 1 })).resolves.toBeUndefined();
  });
});

describe('the writes of ten seconds', () => {
  it('are so many over HTTP and every socket together, and start again with the next window', async () => {
    const { instance, clock } = spending();
    clock.pass(4_000);
    // A write over each socket, and one over HTTP, is each made by another instance.
    for (let count = 0; count < 3; count += 1) await instance().spend(ann.userId, cheapWrite);
    await expect(instance().spend(ann.userId, cheapWrite)).rejects.toMatchObject(limited(6_000));
    clock.pass(6_000);
    await expect(instance().spend(ann.userId, cheapWrite)).resolves.toBeUndefined();
  });

  it('do not hold up what changes nothing', async () => {
    const { budget } = spending();
    for (let count = 0; count < 3; count += 1) await budget.spend(ann.userId, cheapWrite);
    await expect(budget.spend(ann.userId, cheapWrite)).rejects.toMatchObject(limited(10_000));
    await expect(budget.spend(ann.userId, { costMicroDollars: 1 })).resolves.toBeUndefined();
  });

  it('hold for all that are made at once', async () => {
    const { budget } = spending();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => budget.spend(ann.userId, cheapWrite)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });
});

describe('a refusal', () => {
  it('of the minute is remembered: what follows is refused without a write', async () => {
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

  it('of a write is remembered for writes alone', async () => {
    const { budget, budgets } = spending();
    for (let count = 0; count < 3; count += 1) await budget.spend(ann.userId, cheapWrite);
    await expect(budget.spend(ann.userId, cheapWrite)).rejects.toMatchObject(limited(10_000));
    const before = budgets.spent.length;
    await expect(budget.spend(ann.userId, cheapWrite)).rejects.toMatchObject(limited(10_000));
    expect(budgets.spent).toHaveLength(before);
    await budget.spend(ann.userId, { costMicroDollars: 1 });
    expect(budgets.spent).toHaveLength(before + 1);
  });

  it('is remembered of one user, and not of another', async () => {
    const { budget } = spending();
    await budget.spend(ann.userId, { costMicroDollars: 100 });
    await expect(budget.spend(ann.userId, { costMicroDollars: 1 })).rejects.toMatchObject(limited(60_000));
    await expect(budget.spend(bob.userId, { costMicroDollars: 1 })).resolves.toBeUndefined();
  });

  it('is forgotten, oldest first, when there are too many to remember, and is made again by the count', async () => {
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

describe('a charge for what is done already', () => {
  it('refuses nothing, and counts against what follows', async () => {
    const { budget } = spending();
    await budget.charge(ann.userId, 80);
    await budget.charge(ann.userId, 80);
    await expect(budget.spend(ann.userId, { costMicroDollars: 1 })).rejects.toMatchObject(limited(60_000));
    await expect(budget.charge(ann.userId, 80)).resolves.toBeUndefined();
  });

  it('of nothing costs no write', async () => {
    const { budget, budgets } = spending();
    await budget.charge(ann.userId, 0);
    expect(budgets.spent).toEqual([]);
  });

  it('is no write of the ten seconds', async () => {
    const { budget } = spending();
    for (let count = 0; count < 5; count += 1) await budget.charge(ann.userId, 1);
    await expect(budget.spend(ann.userId, cheapWrite)).resolves.toBeUndefined();
  });
});

describe('light reads', () => {
  it('are counted by each instance alone, per user, in ten seconds', () => {
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

describe('a budget that cannot be counted', () => {
  it('lets nothing through, and does not remember it as a refusal', async () => {
    const { budget, budgets } = spending();
    vi.spyOn(budgets, 'spend').mockRejectedValueOnce(new Error('throttled'));
    await expect(budget.spend(ann.userId, cheapWrite)).rejects.toThrow('throttled');
    await expect(budget.spend(ann.userId, cheapWrite)).resolves.toBeUndefined();
  });
});
