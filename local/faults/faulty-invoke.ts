/** Wraps invocations by the gateway, the services and the streams, so that rules can inject faults. */

import type { FunctionHost } from '../functions/function-host.ts';
import type { Invoke, InvocationResult } from '../functions/invocation.ts';
import type { StreamRecord } from '../streams/stream-record.ts';
import type { FunctionNames } from './function-names.ts';
import { runWithFaults } from './invocation-faults.ts';
import { inShuffledOrder } from './shuffled-batch.ts';
import type { Switchboard } from './switchboard.ts';

type InvokeText = FunctionHost['invokeText'];

export interface FaultyInvokeOptions {
  switchboard: Pick<Switchboard, 'decide'>;
  names: Pick<FunctionNames, 'of'>;
  invokeText: InvokeText;
}

/** Wraps invocations by a route of the gateway. */
export function faultyRoutes(options: FaultyInvokeOptions): Invoke {
  return (functionId, event) =>
    invokeWithFaults(options, {
      point: 'invoke',
      functionId,
      event: JSON.stringify(event),
      route: routeOf(event),
    });
}

/** Wraps invocations by other functions: synchronous (`invoke`) or one asynchronous attempt (`async`). */
export function faultyInvokeText(options: FaultyInvokeOptions, point: 'invoke' | 'async'): InvokeText {
  return (functionId, event) => invokeWithFaults(options, { point, functionId, event });
}

interface Invocation {
  point: 'invoke' | 'async';
  functionId: string;
  event: string;
  route?: string | undefined;
}

function invokeWithFaults(
  { switchboard, names, invokeText }: FaultyInvokeOptions,
  { point, functionId, event, route }: Invocation,
): Promise<InvocationResult> {
  const fields = { function: names.of(functionId), route };
  return runWithFaults({
    verdict: switchboard.decide({ point, fields, text: () => event }),
    inOrder: false,
    run: (onStarted) => invokeText(functionId, event, onStarted),
    // The gateway does not use the result of $disconnect, so a dropped one need not wait for a timeout.
    ...(route === '$disconnect' && { dropped: { ok: true, payload: 'null' } }),
  });
}

/** Wraps deliveries of stream records. */
export function faultyBatches({ switchboard, names, invokeText }: FaultyInvokeOptions): Invoke {
  return (functionId, event) => {
    const text = JSON.stringify(event);
    const verdict = switchboard.decide({
      point: 'stream',
      fields: { function: names.of(functionId) },
      text: () => text,
    });
    const { fault } = verdict.before;
    if (fault?.action === 'reorder') {
      const { Records: records } = event as { Records: StreamRecord[] };
      return inShuffledOrder(records, fault.random, (shuffled) =>
        runWithFaults({
          verdict: { before: { delayMs: verdict.before.delayMs }, after: verdict.after },
          inOrder: true,
          run: (onStarted) => invokeText(functionId, JSON.stringify({ Records: shuffled }), onStarted),
        }),
      );
    }
    return runWithFaults({
      verdict,
      inOrder: true,
      run: (onStarted) => invokeText(functionId, text, onStarted),
    });
  };
}

function routeOf(event: unknown): string | undefined {
  const { requestContext, routeKey } = event as { requestContext?: { routeKey?: string }; routeKey?: string };
  return requestContext?.routeKey ?? routeKey;
}
