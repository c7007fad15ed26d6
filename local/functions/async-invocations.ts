/**
 * Asynchronous invocations: accepts an event at once, retries a failing function, and sends the event to the
 * function's failure destination when all retries have failed.
 */

import { randomUUID } from 'node:crypto';
import type { Log } from '../log.ts';
import type { SendFailedInvocation } from '../services/failed-invocations.ts';
import type { LambdaFunction } from '../stack.ts';
import { pause } from '../pause.ts';
import { isThrottled, type FailedInvocation } from './invocation-failure.ts';
import type { FunctionHost } from './function-host.ts';

export interface AsyncInvocations {
  /** Accepts an event (JSON text) for a function, without reporting its result. */
  accept(functionId: string, event: string): void;
  /** Settles when no event is being processed. */
  idle(): Promise<void>;
  /** Cancels all pending retries. */
  close(): void;
}

export interface AsyncInvocationsOptions {
  functions: LambdaFunction[];
  host: Pick<FunctionHost, 'invokeText'>;
  sendFailure: SendFailedInvocation;
  /** Called before each attempt with how long ago the event was accepted. */
  onAttempt?: (functionId: string, ageMs: number) => void;
  region: string;
  accountId: string;
  log: Log;
  /** The waits before the first and the second retry; much shorter than AWS's one and two minutes. */
  retryDelaysMs?: readonly number[];
}

interface AcceptedEvent {
  requestId: string;
  definition: LambdaFunction;
  event: string;
  acceptedAtMs: number;
}

/** Why an event was given up. */
interface GivenUp {
  condition: 'RetriesExhausted' | 'EventAgeExceeded';
  invokeCount: number;
  failed: FailedInvocation;
}

/** Creates the asynchronous invocations of a run's functions. */
export function createAsyncInvocations(options: AsyncInvocationsOptions): AsyncInvocations {
  const { functions, host, sendFailure, region, accountId, log, retryDelaysMs = [250, 500] } = options;
  const pending = new Set<Promise<void>>();
  const closing = new AbortController();

  async function process(acceptedEvent: AcceptedEvent): Promise<void> {
    const { definition, event, acceptedAtMs } = acceptedEvent;
    const { maximumRetryAttempts, maximumEventAgeSeconds } = definition.asyncInvocation;
    let attempts = 0;
    for (;;) {
      options.onAttempt?.(definition.logicalId, Date.now() - acceptedAtMs);
      const result = await host.invokeText(definition.logicalId, event);
      if (result.ok || closing.signal.aborted) return;
      // As on AWS, an invocation that was throttled is no attempt: it is tried again until the event is too old.
      if (!isThrottled(result)) attempts += 1;
      const invokeCount = attempts;
      if (attempts > maximumRetryAttempts)
        return giveUp(acceptedEvent, { condition: 'RetriesExhausted', invokeCount, failed: result });
      await pause(retryDelaysMs[Math.max(0, attempts - 1)] ?? retryDelaysMs.at(-1) ?? 0, closing.signal);
      if (closing.signal.aborted) return;
      if (Date.now() - acceptedAtMs > maximumEventAgeSeconds * 1000)
        return giveUp(acceptedEvent, { condition: 'EventAgeExceeded', invokeCount, failed: result });
    }
  }

  function giveUp(
    { requestId, definition, event }: AcceptedEvent,
    { condition, invokeCount, failed }: GivenUp,
  ): void {
    log.warn(
      `${definition.functionName} failed ${invokeCount} times for an asynchronous event: ${failed.errorType}: ${failed.errorMessage}`,
    );
    const { onFailure } = definition.asyncInvocation;
    if (onFailure === undefined) return;
    const record = {
      version: '1.0',
      timestamp: new Date().toISOString(),
      requestContext: {
        requestId,
        functionArn: `arn:aws:lambda:${region}:${accountId}:function:${definition.functionName}:$LATEST`,
        condition,
        approximateInvokeCount: invokeCount,
      },
      requestPayload: JSON.parse(event) as unknown,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: JSON.parse(failed.payload) as unknown,
    };
    sendFailure(onFailure, { origin: `async/${definition.functionName}`, record });
  }

  return {
    accept(functionId, event) {
      const definition = functions.find(({ logicalId }) => logicalId === functionId);
      if (definition === undefined) return;
      const processing = process({ requestId: randomUUID(), definition, event, acceptedAtMs: Date.now() });
      pending.add(processing);
      void processing.finally(() => pending.delete(processing));
    },
    async idle() {
      while (pending.size > 0) await Promise.all(pending);
    },
    close: () => closing.abort(),
  };
}
