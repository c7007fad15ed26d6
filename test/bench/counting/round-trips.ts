/** How many requests had to wait for each other; pure. */

interface Interval {
  start: number;
  end: number;
}

/** The longest chain of requests of which each began after the one before it had been answered. */
export function roundTrips(requests: readonly Interval[]): number {
  let chain = 0;
  let answeredAt = Number.NEGATIVE_INFINITY;
  // Whichever ends first leaves most room for others, so taking it is never worse.
  for (const { start, end } of requests.toSorted((a, b) => a.end - b.end)) {
    if (start < answeredAt) continue;
    chain += 1;
    answeredAt = end;
  }
  return chain;
}
