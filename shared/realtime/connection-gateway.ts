/** Posts frames to connections and closes them, through API Gateway's management API. No other code reaches a socket. */
import { setTimeout as pause } from 'node:timers/promises';
import { onceResolved } from '../aws/once-resolved.ts';
import type { Credentials } from '../aws/sign-request.ts';
import type { Clock, FailureLog, Random } from '../domain/ports/system.ts';
import type { MetricRecorder } from '../metrics/metric-recorder.ts';
import { NoResponseError, signedRequests, type SignedRequest } from './signed-requests.ts';

/** `gone`: there is no such socket, or not yet. `failed`: the frame may not have reached the socket. */
export type PostOutcome = 'sent' | 'gone' | 'failed';

export interface ConnectionGateway {
  /** Ends with `failed` when the frame has not been accepted within three seconds, or at `endsAtMs` if that is earlier. */
  post(connectionId: string, frame: string, endsAtMs?: number): Promise<PostOutcome>;
  close(connectionId: string, endsAtMs?: number): Promise<void>;
}

export interface ConnectionGatewaySettings {
  region: string;
  /** Called for the first post, and again if that fails. */
  credentials: () => Promise<Credentials>;
  clock: Clock;
  random: Pick<Random, 'integer'>;
  logger: Pick<FailureLog, 'warn'>;
  metrics: Pick<MetricRecorder, 'add'>;
}

/** The status of the response, or the error that came instead of one. */
interface Answer {
  status?: number;
  error?: unknown;
}

/** Bounds each post, its retries included: some posts hang, and none of them may hold up a fan-out for longer. */
const deadlineMs = 3_000;
/**
 * Bounds each try. A post is answered within tens of milliseconds, except over a socket that was dropped without notice
 * while the function was frozen: such a try must leave the others enough of the deadline.
 */
const tryMs = 900;
const maxTries = 3;
/** The longest pause before the second try; the one before the third is twice as long. Random, so that retries spread. */
const maxFirstPauseMs = 200;

/**
 * Opens the gateway of one stage. Each message causes many requests, so they are signed and sent without the SDK, in a
 * fraction of its time. Requests that end with 429, 5xx or a broken connection are tried again within the deadline, and so
 * are those that hang, over a socket of their own.
 * `endpoint` is the stage's address, as in `https://abc.execute-api.eu-west-1.amazonaws.com/prod`.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function openConnectionGateway(
  endpoint: string,
  { region, credentials, clock, random, logger, metrics }: ConnectionGatewaySettings,
): ConnectionGateway {
  const open = onceResolved(async () =>
    signedRequests(endpoint, { region, credentials: await credentials(), clock }),
  );

  async function tryOnce(request: SignedRequest): Promise<Answer> {
    try {
      const requests = await open();
      return { status: await requests.send(request) };
    } catch (error) {
      return { error };
    }
  }

  /** Tries again while that may help, and returns the last answer. */
  async function request(
    method: SignedRequest['method'],
    connectionId: string,
    { body, endsAtMs = Infinity }: { body: string; endsAtMs: number | undefined },
  ): Promise<Answer> {
    const deadline = Math.min(clock.now() + deadlineMs, endsAtMs);
    if (clock.now() >= deadline)
      return { error: new NoResponseError('The time for it was over before it was sent') };
    let onFreshSocket = false;
    for (let tries = 1; ; tries += 1) {
      const timeoutMs = Math.min(tryMs, deadline - clock.now());
      const answer = await tryOnce({ method, connectionId, body, timeoutMs, onFreshSocket });
      if (answer.status === 429) metrics.add('PostsThrottled', 1);
      onFreshSocket ||= answer.error instanceof NoResponseError;
      const pauseMs = random.integer(maxFirstPauseMs * tries);
      const isLast = tries === maxTries || clock.now() + pauseMs >= deadline;
      if (isLast || !isRetryable(answer.status)) return answer;
      await pause(pauseMs);
    }
  }

  return {
    async post(connectionId, frame, endsAtMs) {
      const answer = await request('POST', connectionId, { body: frame, endsAtMs });
      if (answer.status === 200) {
        metrics.add('PostsSent', 1);
        return 'sent';
      }
      if (answer.status === 410) {
        metrics.add('PostsGone', 1);
        return 'gone';
      }
      metrics.add('PostsFailed', 1);
      logger.warn('A frame was not delivered', { connectionId, ...answer });
      return 'failed';
    },
    async close(connectionId, endsAtMs) {
      const answer = await request('DELETE', connectionId, { body: '', endsAtMs });
      // A socket that is gone needs no closing. After any other failure the connection ends with its lease.
      if (answer.status !== 204 && answer.status !== 410) {
        metrics.add('ClosesFailed', 1);
        logger.warn('A connection was not closed', { connectionId, ...answer });
      }
    },
  };
}

/** Whether there was no answer, the request was throttled, or the gateway failed. */
function isRetryable(status: number | undefined): boolean {
  return status === undefined || status === 429 || status >= 500;
}
