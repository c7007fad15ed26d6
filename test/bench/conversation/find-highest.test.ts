import { describe, expect, it } from 'vitest';
import { findHighest } from './find-highest.ts';

const rates = [10, 20, 30, 40];

/** A server that carries rates up to `carries`, and fails at the given attempts. */
function server(carries: number, failures: number[] = []) {
  const tried: number[] = [];
  return {
    tried,
    measure: async (rate: number) => {
      tried.push(rate);
      return rate <= carries && !failures.includes(tried.length);
    },
  };
}

const find = (measure: (rate: number) => Promise<boolean>) =>
  findHighest({ rates, measure, holds: (held) => held, step: 5 });

describe('the highest rate', () => {
  it('is searched until a rate fails twice, and then once in between', async () => {
    const { tried, measure } = server(25);
    const { highest } = await find(measure);
    expect(tried).toEqual([10, 20, 30, 30, 25]);
    expect(highest?.rate).toBe(25);
  });

  it('is searched further after a single failure', async () => {
    const { tried, measure } = server(100, [2]);
    const { highest, steps } = await find(measure);
    expect(tried).toEqual([10, 20, 20, 30, 40]);
    expect(steps.map(({ holds }) => holds)).toEqual([true, false, true, true, true]);
    expect(highest?.rate).toBe(40);
  });

  it('is the last rate that held when the one in between fails', async () => {
    expect((await find(server(20).measure)).highest?.rate).toBe(20);
  });

  it('is undefined when the lowest rate fails', async () => {
    const { tried, measure } = server(0);
    const { highest } = await find(measure);
    expect(tried).toEqual([10, 10]);
    expect(highest).toBeUndefined();
  });
});
