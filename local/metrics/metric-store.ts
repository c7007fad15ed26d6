/** The metrics of a local run, in memory, from which statistics over a period are read as from CloudWatch. */

export interface MetricIdentity {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
}

/** Adds a value to one metric. */
export type PutValue = (value: number) => void;

export interface MetricStore {
  /** Returns what adds values to a metric, so that a busy caller looks the metric up once. */
  series(identity: MetricIdentity): PutValue;
  /**
   * Returns a statistic over the values of a period, which excludes its begin; undefined when there are none. `statistic`
   * is `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or a percentile such as `p99`.
   * @throws Error for another statistic
   */
  statistic(identity: MetricIdentity, statistic: string, period: Period): number | undefined;
  /** The metrics that have had values. */
  identities(): MetricIdentity[];
  /** Forgets all values. */
  clear(): void;
}

/** A span of time, in milliseconds since the epoch. */
export interface Period {
  afterMs: number;
  untilMs: number;
}

/** The values of one second. */
interface Bucket {
  atMs: number;
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** How often each value occurred; rounded to three digits, which bounds the memory. */
  occurrences: Map<number, number>;
}

const bucketMs = 1_000;
/** Longer than any alarm of the template looks back. */
const keptMs = 3_600_000;

/** Creates an empty store. */
export function createMetricStore(now: () => number = Date.now): MetricStore {
  const all = new Map<string, { identity: MetricIdentity; buckets: Bucket[] }>();

  function bucketsOf(identity: MetricIdentity): Bucket[] {
    const key = keyOf(identity);
    const found = all.get(key);
    if (found !== undefined) return found.buckets;
    const buckets: Bucket[] = [];
    all.set(key, { identity, buckets });
    return buckets;
  }

  return {
    clear() {
      for (const { buckets } of all.values()) buckets.length = 0;
    },
    series(identity) {
      const buckets = bucketsOf(identity);
      return (value) => addTo(buckets, value, now());
    },
    statistic(identity, statistic, { afterMs, untilMs }) {
      const buckets = all.get(keyOf(identity))?.buckets ?? [];
      const inPeriod = buckets.filter(({ atMs }) => atMs > afterMs - bucketMs && atMs <= untilMs);
      return inPeriod.length === 0 ? undefined : statisticOf(statistic, inPeriod);
    },
    identities: () =>
      [...all.values()].filter(({ buckets }) => buckets.length > 0).map(({ identity }) => identity),
  };
}

function keyOf({ namespace, name, dimensions }: MetricIdentity): string {
  const sorted = Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([namespace, name, ...sorted]);
}

function addTo(buckets: Bucket[], value: number, nowMs: number): void {
  const atMs = nowMs - (nowMs % bucketMs);
  let bucket = buckets.at(-1);
  if (bucket?.atMs !== atMs) {
    bucket = { atMs, count: 0, sum: 0, minimum: Infinity, maximum: -Infinity, occurrences: new Map() };
    buckets.push(bucket);
    while (buckets[0]!.atMs < nowMs - keptMs) buckets.shift();
  }
  bucket.count += 1;
  bucket.sum += value;
  bucket.minimum = Math.min(bucket.minimum, value);
  bucket.maximum = Math.max(bucket.maximum, value);
  const rounded = Number(value.toPrecision(3));
  bucket.occurrences.set(rounded, (bucket.occurrences.get(rounded) ?? 0) + 1);
}

function statisticOf(statistic: string, buckets: Bucket[]): number {
  const total = (of: (bucket: Bucket) => number): number =>
    buckets.reduce((sum, bucket) => sum + of(bucket), 0);
  const count = total((bucket) => bucket.count);
  switch (statistic) {
    case 'Sum':
      return total((bucket) => bucket.sum);
    case 'SampleCount':
      return count;
    case 'Average':
      return total((bucket) => bucket.sum) / count;
    case 'Minimum':
      return Math.min(...buckets.map((bucket) => bucket.minimum));
    case 'Maximum':
      return Math.max(...buckets.map((bucket) => bucket.maximum));
    default:
      return percentile(statistic, buckets, count);
  }
}

function percentile(statistic: string, buckets: Bucket[], count: number): number {
  const percent = Number(/^p(\d{1,2}(?:\.\d+)?)$/.exec(statistic)?.[1]);
  if (Number.isNaN(percent)) throw new Error(`The local runtime does not know the statistic ${statistic}`);
  const values = buckets.flatMap(({ occurrences }) => [...occurrences]).sort(([one], [other]) => one - other);
  let left = Math.ceil((count * percent) / 100);
  for (const [value, times] of values) {
    left -= times;
    if (left <= 0) return value;
  }
  return values.at(-1)![0];
}
