/** Injects faults into requests to the buckets, by functions and by browsers, and into the delivery of their events. */

import type { EnvironmentRegistry } from '../functions/environment-registry.ts';
import type { DeliverEvent } from '../functions/rules.ts';
import { noAnswer, pause } from '../pause.ts';
import type { HandleStorageCall, StorageCall } from '../services/s3-api.ts';
import { failureAnswer, type S3Answer } from '../services/s3/s3-error.ts';
import type { FunctionNames } from './function-names.ts';
import { createHeldFrames } from './held-frames.ts';
import type { Fault, Switchboard } from './switchboard.ts';

export interface StorageFaultsOptions {
  switchboard: Pick<Switchboard, 'decide'>;
  names: Pick<FunctionNames, 'of'>;
  registry: Pick<EnvironmentRegistry, 'caller'>;
}

/** Creates a handler that performs all requests normally except those that the rules choose. */
export function createStorageFaults({
  switchboard,
  names,
  registry,
}: StorageFaultsOptions): HandleStorageCall {
  return async (call, serve) => {
    const { operation, key, authorization, isAbandoned } = call;
    const caller = registry.caller(authorization);
    const { before, after } = switchboard.decide({
      point: 'storage',
      fields: { operation, key, function: caller && names.of(caller.functionId) },
      text: () => key,
      invocation: caller?.environment.current(),
    });
    const inject = async (fault: Fault): Promise<S3Answer | undefined> => {
      await pause(fault.delayMs ?? 0);
      if (fault.action === 'hang') return noAnswer();
      // A browser has no environment: its connection is cut.
      if (fault.action === 'kill') await caller?.environment.terminate();
      return fault.action === 'fail' ? failedAnswer(fault, call) : undefined;
    };
    await pause(before.delayMs);
    if (before.fault) return inject(before.fault);
    // The caller was killed or gave up during the delay, so its request would never have been sent.
    if (isAbandoned()) return undefined;
    const answer = await serve();
    await pause(after.delayMs);
    return after.fault ? inject(after.fault) : answer;
  };
}

function failedAnswer({ status = 500, error }: Fault, { key }: StorageCall): S3Answer {
  const code = error ?? (status === 503 ? 'SlowDown' : status < 500 ? 'AccessDenied' : 'InternalError');
  return failureAnswer(status, code, 'This failure was injected by a rule of /_local/faults', { Key: key });
}

/** How long a reordered event is held back at most when its rule has no `delayMs`. */
const maxHoldMs = 1_000;

/** Returns the delivery of events to functions, which consults the switchboard. */
export function createEventFaults({
  switchboard,
  names,
}: Pick<StorageFaultsOptions, 'switchboard' | 'names'>): DeliverEvent {
  const held = createHeldFrames();
  return (functionId, event, deliver) => {
    const { before } = switchboard.decide({
      point: 'events',
      fields: { function: names.of(functionId) },
      text: () => event,
    });
    const { fault, delayMs } = before;
    if (fault?.action === 'drop') return;
    if (fault?.action === 'reorder') return held.hold(functionId, deliver, fault.delayMs ?? maxHoldMs);
    void pause(delayMs)
      .then(deliver)
      .then(() => held.release(functionId));
    if (fault?.action === 'duplicate') void pause(delayMs + (fault.delayMs ?? 0)).then(deliver);
  };
}
