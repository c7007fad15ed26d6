/** Random numbers of a schedule: the same random seed gives the same numbers in the same order. */

export interface Random {
  /** From 0 up to but not including 1. */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
  shuffle<T>(items: readonly T[]): T[];
}

const modulus = 2_147_483_647;
const multiplier = 48_271;

/** Returns Lehmer's generator (Park and Miller, 1988), seeded with the characters of all parts. */
export function seeded(...parts: (string | number)[]): Random {
  let state = 1;
  const step = (): number => (state = (state * multiplier) % modulus);
  for (const character of parts.join('/')) {
    state = (state + character.codePointAt(0)! * 7_919) % (modulus - 1) || 1;
    step();
  }
  const next = (): number => (step() - 1) / (modulus - 1);
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    integer,
    pick: (items) => items[integer(0, items.length - 1)]!,
    chance: (probability) => next() < probability,
    shuffle(items) {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last -= 1) {
        const other = integer(0, last);
        [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
      }
      return shuffled;
    },
  };
}
