/**
 * Reads the stack's secrets from Secrets Manager and caches them, with the previous version while it is accepted. Keys that
 * cannot be refreshed are used for a while longer: a failure of Secrets Manager must not sign everybody out.
 */
import { defaultProvider } from '../aws/environment-credentials.ts';
import { secretValues, type SecretValues, type VersionStage } from '../aws/secret-values.ts';
import type { Clock, FailureLog } from '../domain/ports/system.ts';
import { waitForAll } from '../domain/wait-for-all.ts';
import type { MetricRecorder } from '../metrics/metric-recorder.ts';
import { failureLog } from './logger.ts';
import { metrics as invocationMetrics } from './metrics.ts';
import { clock, random } from './system.ts';

const minKeyLength = 16;

/** A key that was fetched longer ago is fetched again, so that a rotation reaches functions that stay warm. */
const maxAgeMs = 5 * 60 * 1_000;

/**
 * Bounds the age of keys that are used while they cannot be refreshed. A key that was replaced because it had become known
 * is refused everywhere after this time at the latest.
 */
const maxAgeUnrefreshedMs = 60 * 60 * 1_000;

/**
 * The pause between fetches for unknown keys, and after a failed refresh: neither tokens with invented key ids nor a
 * Secrets Manager that does not answer must cost each request a fetch.
 */
const minPauseMs = 10_000;

/** All tries together take less than half of the time of a function, so that it can still answer. */
const bounds = { tryMs: 1_000, maxTries: 3 };

const openValues = (): SecretValues =>
  secretValues({
    region: process.env['AWS_REGION'] ?? '',
    credentials: defaultProvider(),
    endpoint: process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'],
    bounds,
    randomInteger: (below) => random.integer(below),
  });

export interface SecretReader {
  /** Returns the current key. */
  current(): Promise<string>;
  /** Returns the current key, followed by the previous one if there is one. */
  all(): Promise<string[]>;
  /**
   * Does the same, but fetches the keys again unless that happened in the last 10 seconds.
   * @throws the error of that fetch, since whether a key is unknown can then not be said
   */
  newest(): Promise<string[]>;
}

/** Fetches the current version of a secret, for a key that is never rotated. */
export function fetchSecret(secretId: string, values: SecretValues = openValues()): Promise<string> {
  return fetchKey(values, secretId, 'AWSCURRENT');
}

interface SecretReaderPorts {
  values?: SecretValues;
  clock?: Clock;
  logger?: Pick<FailureLog, 'warn'>;
  metrics?: Pick<MetricRecorder, 'add'>;
}

/** Returns a reader of a secret that is rotated. It fetches nothing before its first use. */
export function secretReader(
  secretId: string,
  {
    values = openValues(),
    clock: time = clock,
    logger = failureLog,
    metrics = invocationMetrics,
  }: SecretReaderPorts = {},
): SecretReader {
  let fetched: { atMs: number; keys: string[] } | undefined;
  let failed: { atMs: number; error: unknown; count: number } | undefined;
  let fetching: Promise<string[]> | undefined;

  async function refresh(): Promise<string[]> {
    const atMs = time.now();
    try {
      const keys = await fetchBoth(values, secretId);
      fetched = { atMs, keys };
      failed = undefined;
      return keys;
    } catch (error) {
      failed = { atMs: time.now(), error, count: (failed?.count ?? 0) + 1 };
      metrics.add('SecretRefreshesFailed', 1);
      if (fetched !== undefined) {
        const ageSeconds = Math.round((time.now() - fetched.atMs) / 1_000);
        logger.warn('A secret could not be refreshed', {
          secretId,
          ageSeconds,
          failures: failed.count,
          error,
        });
      }
      throw error;
    } finally {
      fetching = undefined;
    }
  }

  async function fetchedWithin(milliseconds: number): Promise<string[]> {
    const now = time.now();
    if (fetched !== undefined && now - fetched.atMs <= milliseconds) return fetched.keys;
    // Without keys every caller tries: it has nothing else to answer with.
    if (fetched !== undefined && failed !== undefined && now - failed.atMs <= minPauseMs) throw failed.error;
    return (fetching ??= refresh());
  }

  async function all(): Promise<string[]> {
    try {
      return await fetchedWithin(maxAgeMs);
    } catch (error) {
      if (fetched !== undefined && time.now() - fetched.atMs <= maxAgeUnrefreshedMs) return fetched.keys;
      throw error;
    }
  }

  return {
    all,
    newest: () => fetchedWithin(minPauseMs),
    current: async () => (await all())[0] as string,
  };
}

async function fetchBoth(values: SecretValues, secretId: string): Promise<string[]> {
  const [current, previous] = await waitForAll([
    fetchKey(values, secretId, 'AWSCURRENT'),
    fetchKey(values, secretId, 'AWSPREVIOUS').catch((error: unknown) => {
      // Before the first rotation there is no previous version.
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    }),
  ]);
  return previous === undefined ? [current] : [current, previous];
}

async function fetchKey(values: SecretValues, secretId: string, versionStage: VersionStage): Promise<string> {
  const { key } = Object(JSON.parse(await values.get(secretId, versionStage))) as { key?: unknown };
  if (typeof key !== 'string' || key.length < minKeyLength)
    throw new TypeError(`The secret ${secretId} holds no key of at least ${minKeyLength} characters`);
  return key;
}
