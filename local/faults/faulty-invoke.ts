/** Leads the invocations of gateway, services and streams past the switchboard, and on to the host. */

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

/** Invocations by a route of the gateway. */
export function faultyRoutes(options: FaultyInvokeOptions): Invoke {
  return (functionId, event) =>
    invokeWithFaults(options, 'invoke', functionId, JSON.stringify(event), routeOf(event));
}

/** Invocations by other functions: `invoke` for those that are waited for, `async` for one attempt of the others. */
export function faultyInvokeText(options: FaultyInvokeOptions, point: 'invoke' | 'async'): InvokeText {
  return (functionId, event) => invokeWithFaults(options, point, functionId, event);
}

function invokeWithFaults(
  { switchboard, names, invokeText }: FaultyInvokeOptions,
  point: 'invoke' | 'async',
  functionId: string,
  event: string,
  route?: string,
): Promise<InvocationResult> {
  const fields = { function: names.of(functionId), route };
  return runWithFaults({
    verdict: switchboard.decide({ point, fields, text: () => event }),
    inOrder: false,
    run: (started) => invokeText(functionId, event, started),
    // Nobody waits for what comes of the end of a socket.
    ...(route === '$disconnect' && { dropped: { ok: true, payload: 'null' } }),
  });
}

/** Deliveries of stream records. */
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
          run: (started) => invokeText(functionId, JSON.stringify({ Records: shuffled }), started),
        }),
      );
    }
    return runWithFaults({
      verdict,
      inOrder: true,
      run: (started) => invokeText(functionId, text, started),
    });
  };
}

function routeOf(event: unknown): string | undefined {
  const { requestContext, routeKey } = event as { requestContext?: { routeKey?: string }; routeKey?: string };
  return requestContext?.routeKey ?? routeKey;
}
