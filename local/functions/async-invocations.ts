/**
 * Owns asynchronous invocations: accepts an event at once, retries a failing function, and hands what failed
 * for good to the function's failure queue.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { LambdaFunction } from '../stack.ts';
import type { FailedInvocation } from './invocation-failure.ts';
import type { FunctionHost } from './function-host.ts';

export interface AsyncInvocations {
  /** Takes the event (JSON text) for the function; what comes of it is not reported here. */
  accept(functionId: string, event: string): void;
  /** Settles when nothing is under way. */
  idle(): Promise<void>;
  /** Gives up all retries that still wait. */
  close(): void;
}

export interface AsyncInvocationsOptions {
  functions: LambdaFunction[];
  host: Pick<FunctionHost, 'invokeText'>;
  sendToQueue: (queueId: string, body: string) => void;
  region: string;
  accountId: string;
  log: Log;
  /** Waits before the first and the second retry. AWS waits one and two minutes; a laptop need not. */
  retryDelaysMs?: readonly number[];
}

interface Accepted {
  requestId: string;
  definition: LambdaFunction;
  event: string;
  acceptedAt: number;
}

/** Asynchronous invocations with nothing under way yet. */
export function createAsyncInvocations(options: AsyncInvocationsOptions): AsyncInvocations {
  const { functions, host, sendToQueue, region, accountId, log, retryDelaysMs = [250, 500] } = options;
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();

  async function process(accepted: Accepted): Promise<void> {
    const { definition, event, acceptedAt } = accepted;
    const { maximumRetryAttempts, maximumEventAgeSeconds } = definition.asyncInvocation;
    for (let attempt = 1; ; attempt += 1) {
      const result = await host.invokeText(definition.logicalId, event);
      if (result.ok || closing.signal.aborted) return;
      if (attempt > maximumRetryAttempts) return giveUp(accepted, 'RetriesExhausted', attempt, result);
      await pause(retryDelaysMs[attempt - 1] ?? retryDelaysMs.at(-1) ?? 0, closing.signal);
      if (closing.signal.aborted) return;
      if (Date.now() - acceptedAt > maximumEventAgeSeconds * 1000) {
        return giveUp(accepted, 'EventAgeExceeded', attempt, result);
      }
    }
  }

  function giveUp(
    { requestId, definition, event }: Accepted,
    condition: string,
    invokeCount: number,
    failed: FailedInvocation,
  ): void {
    log.warn(
      `${definition.functionName} failed ${invokeCount} times on an event: ${failed.errorType}: ${failed.errorMessage}`,
    );
    const { failureQueueId } = definition.asyncInvocation;
    if (failureQueueId === undefined) return;
    const message = {
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
    sendToQueue(failureQueueId, JSON.stringify(message));
  }

  return {
    accept(functionId, event) {
      const definition = functions.find(({ logicalId }) => logicalId === functionId);
      if (definition === undefined) return;
      const processing = process({ requestId: randomUUID(), definition, event, acceptedAt: Date.now() });
      underWay.add(processing);
      void processing.finally(() => underWay.delete(processing));
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    close: () => closing.abort(),
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
