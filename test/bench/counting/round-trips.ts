/** Calculates how many requests had to wait for each other. */

interface Interval {
  start: number;
  end: number;
}

/** Returns the length of the longest chain of requests in which each began after the one before had been answered. */
export function roundTrips(requests: readonly Interval[]): number {
  let chain = 0;
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  // The request that ends first leaves the most room for others, so choosing it is never worse.
  for (const { start, end } of requests.toSorted((a, b) => a.end - b.end)) {
    if (start < answeredAtMs) continue;
    chain += 1;
    answeredAtMs = end;
  }
  return chain;
}
