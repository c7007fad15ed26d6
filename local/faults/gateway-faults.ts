/** Injects faults into calls of `@connections` and into sockets. */

import type { Caller, EnvironmentRegistry } from '../functions/environment-registry.ts';
import type { GatewayFaults, ManagementCall } from '../gateway/gateway-faults.ts';
import { managementError, type ManagementAnswer } from '../gateway/management-answer.ts';
import { noAnswer, pause } from '../pause.ts';
import type { FunctionNames } from './function-names.ts';
import { createHeldFrames } from './held-frames.ts';
import type { Fault, Switchboard } from './switchboard.ts';

export interface GatewayFaultsOptions {
  switchboard: Pick<Switchboard, 'decide'>;
  names: Pick<FunctionNames, 'of'>;
  registry: Pick<EnvironmentRegistry, 'caller'>;
}

/** How long a reordered frame is held back at most when its rule has no `delayMs`. */
const maxHoldMs = 1_000;

const errorTypes = new Map([
  [400, 'BadRequestException'],
  [403, 'ForbiddenException'],
  [410, 'GoneException'],
  [413, 'PayloadTooLargeException'],
  [429, 'LimitExceededException'],
]);

/** Creates the hooks of the gateway, which consult the switchboard. */
export function createGatewayFaults({ switchboard, names, registry }: GatewayFaultsOptions): GatewayFaults {
  const held = createHeldFrames();

  async function handleCall(
    call: ManagementCall,
    perform: () => ManagementAnswer,
  ): Promise<ManagementAnswer | undefined> {
    const { method, connectionId, body } = call;
    const caller = registry.caller(call.incoming.headers.authorization);
    const { before, after } = switchboard.decide({
      point: 'connections',
      fields: { method, connectionId, function: caller && names.of(caller.functionId) },
      text: () => body?.toString('utf8') ?? '',
      invocation: caller?.environment.current(),
    });
    await pause(before.delayMs);
    const { fault } = before;
    if (fault && fault.action !== 'duplicate' && fault.action !== 'reorder')
      return injectFault(fault, method, caller);
    if (fault?.action === 'reorder' && method === 'POST') {
      held.hold(connectionId, perform, fault.delayMs ?? maxHoldMs);
      return { status: 200 };
    }
    const answer = perform();
    held.release(connectionId);
    if (fault?.action === 'duplicate') {
      await pause(fault.delayMs ?? 0);
      perform();
    }
    await pause(after.delayMs);
    return after.fault ? injectFault(after.fault, method, caller) : answer;
  }

  return {
    managementCall(call, perform, reply) {
      void handleCall(call, perform).then(reply);
    },
    socket(connectionId, event, frame) {
      const { before } = switchboard.decide({
        point: 'socket',
        fields: { connectionId, event },
        text: () => frame.toString('utf8'),
      });
      if (before.fault === undefined) return 'keep';
      return before.fault.action === 'drop' ? 'forget' : 'cut';
    },
  };
}

async function injectFault(
  { action, delayMs = 0, status = 500, error }: Fault,
  method: string,
  caller: Caller | undefined,
): Promise<ManagementAnswer | undefined> {
  await pause(delayMs);
  if (action === 'hang') return noAnswer();
  if (action === 'drop') return { status: method === 'DELETE' ? 204 : 200 };
  if (action === 'kill') {
    await caller?.environment.terminate();
    return undefined;
  }
  const type =
    error ??
    errorTypes.get(status) ??
    (status < 500 ? 'BadRequestException' : 'InternalServerErrorException');
  return managementError(status, type, 'This failure was injected by a rule of /_local/faults');
}
