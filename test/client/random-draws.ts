/** Random numbers for schedules of the client's tests. */

/** Returns a function that draws integers from 0 up to, but not including, `below`: the same ones for the same seed. */
export function createGenerator(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return (state >>> 8) % below;
  };
}
