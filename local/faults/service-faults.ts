/** Injects faults into requests to the local AWS services that functions call, other than the database. */

import type { IncomingMessage } from 'node:http';
import type { EnvironmentRegistry } from '../functions/environment-registry.ts';
import { noAnswer, pause } from '../pause.ts';
import { ServiceError } from '../services/json-api.ts';
import type { FunctionNames } from './function-names.ts';
import type { Switchboard } from './switchboard.ts';

export interface ServiceFaultsOptions {
  switchboard: Pick<Switchboard, 'decide'>;
  names: Pick<FunctionNames, 'of'>;
  registry: Pick<EnvironmentRegistry, 'caller'>;
}

/**
 * Runs before a request to a service is served, and settles when it may be.
 * @throws ServiceError when a rule lets the request fail
 */
export type BeforeServing = (request: IncomingMessage) => Promise<void>;

/** Returns the hook of Secrets Manager, which consults the switchboard. */
export function createSecretsFaults({ switchboard, names, registry }: ServiceFaultsOptions): BeforeServing {
  return async ({ headers }) => {
    const caller = registry.caller(headers.authorization);
    const { before } = switchboard.decide({
      point: 'secrets',
      fields: { function: caller && names.of(caller.functionId) },
      text: () => '',
    });
    await pause(before.delayMs);
    if (before.fault === undefined) return;
    const { action, delayMs = 0, status = 500, error = 'InternalServiceError' } = before.fault;
    await pause(delayMs);
    if (action === 'hang') return noAnswer();
    throw new ServiceError(error, 'This failure was injected by a rule of /_local/faults', status);
  };
}
