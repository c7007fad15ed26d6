/**
 * Decides whether a request came through the edge distribution, which sends a secret key with each of them. Any client can
 * send the header, so a request with another key counts as one that did not.
 */
import { timingSafeEqual } from 'node:crypto';
import { edgeKeyHeader } from '../contract/edge-headers.ts';
import { ChatError } from '../domain/chat-error.ts';
import type { MetricRecorder } from '../metrics/metric-recorder.ts';
import { logger } from './logger.ts';
import { metrics } from './metrics.ts';
import type { SecretReader } from './secrets.ts';

type Headers = Readonly<Record<string, string | undefined>>;

export interface EdgeKeys {
  /** Whether the headers, whose names may have any case, hold the current key or the previous one. */
  isFromEdge(headers: Headers): Promise<boolean>;
}

/** Where a wrong key is logged and counted. */
interface Observers {
  log: { warn(message: string): void };
  recorder: Pick<MetricRecorder, 'add'>;
}

/** The line that is logged beside the metric `WrongEdgeKeys`. */
export const wrongEdgeKeyMessage = 'A request had a wrong edge key';

/**
 * Returns the check. Both keys of a rotation are accepted, and the secret is read again when neither fits, because the
 * distribution may have been deployed with a key that a warm function has not seen.
 */
export function edgeKeys(
  keys: Pick<SecretReader, 'all' | 'newest'>,
  { log, recorder }: Observers = { log: logger, recorder: metrics },
): EdgeKeys {
  return {
    async isFromEdge(headers) {
      const key = headerOf(headers);
      if (key === undefined) return false;
      const isIn = (known: string[]): boolean => known.some((one) => isSame(one, key));
      if (isIn(await keys.all()) || isIn(await keys.newest())) return true;
      log.warn(wrongEdgeKeyMessage);
      recorder.add('WrongEdgeKeys', 1);
      return false;
    },
  };
}

/**
 * Refuses a request that did not come through the edge.
 * @throws ChatError `forbidden`
 */
export async function assertFromEdge(keys: EdgeKeys, headers: Headers): Promise<void> {
  if (await keys.isFromEdge(headers)) return;
  throw new ChatError('forbidden', {
    detail: 'This address is not public. Use the public address of the API.',
  });
}

function headerOf(headers: Headers): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === edgeKeyHeader)?.[1];
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
