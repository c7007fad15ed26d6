/**
 * Puts the switchboard together for one run, and offers each part of the runtime what it needs of it. It exists
 * only where faults were asked for; without it, every part works directly with the others.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine } from '../engine/engine.ts';
import type { FunctionHost } from '../functions/function-host.ts';
import { createEnvironmentRegistry, type EnvironmentRegistry } from '../functions/environment-registry.ts';
import type { Invoke } from '../functions/invocation.ts';
import type { GatewayFaults } from '../gateway/gateway-faults.ts';
import { StartFailure } from '../start-failure.ts';
import type { LocalStack } from '../stack.ts';
import { createControl } from './control.ts';
import { databaseFaults } from './database-faults.ts';
import { openDatabaseProxy } from './database-proxy.ts';
import { createFaultsApi } from './faults-api.ts';
import { faultyBatches, faultyInvokeText, faultyRoutes } from './faulty-invoke.ts';
import { functionNames } from './function-names.ts';
import { gatewayFaults } from './gateway-faults.ts';
import { pointNames, type PointName } from './points.ts';
import { runningOf, type RunningParts } from './running-parts.ts';
import { createSwitchboard } from './switchboard.ts';

type InvokeText = FunctionHost['invokeText'];

export interface Faults {
  registry: EnvironmentRegistry;
  /** Where functions find the database. */
  databaseEndpoint: string;
  gateway: GatewayFaults;
  /** Wrap what the host offers, for each of those who invoke. */
  routes(invokeText: InvokeText): Invoke;
  batches(invokeText: InvokeText): Invoke;
  direct(invokeText: InvokeText): InvokeText;
  async(invokeText: InvokeText): InvokeText;
  /** Takes a request for the switchboard; false when it is for something else. */
  serve(request: IncomingMessage, response: ServerResponse): boolean;
  close(): Promise<void>;
}

export interface FaultsOptions {
  stack: Pick<LocalStack, 'functions' | 'httpApi' | 'webSocketApi'>;
  engine: Pick<Engine, 'endpoint' | 'kill' | 'pid'>;
  /** True for a fixed one. */
  seed: true | number | string;
  /** Functions speak to the engine by themselves, and the points of the database are not there. */
  sparesDatabase?: boolean;
  parts: RunningParts;
}

const defaultSeed = '1';
/** What is injected where functions call the database. */
const databasePoints: ReadonlySet<PointName> = new Set(['database', 'engine']);

/** A switchboard without rules, with its database proxy open unless the database is spared; a StartFailure when the engine is not the runtime's own. */
export async function openFaults({
  stack,
  engine,
  seed,
  sparesDatabase = false,
  parts,
}: FaultsOptions): Promise<Faults> {
  if (engine.pid() === undefined)
    throw new StartFailure('Faults need the embedded engine, and DYNAMODB_ENDPOINT names another one');
  const switchboard = createSwitchboard(seed === true ? defaultSeed : String(seed));
  const names = functionNames(stack.functions);
  const registry = createEnvironmentRegistry();
  const proxy = sparesDatabase
    ? undefined
    : await openDatabaseProxy({
        engineEndpoint: engine.endpoint,
        registry,
        judge: databaseFaults({ switchboard, names, killEngine: () => engine.kill() }),
      });
  const routes = [...stack.httpApi.routes, ...stack.webSocketApi.routes].map(({ routeKey }) => routeKey);
  const control = createControl(
    switchboard,
    {
      points: pointNames.filter((name) => !sparesDatabase || !databasePoints.has(name)),
      functionNamed: names.named,
      functions: names.all,
      routes: [...new Set(routes)],
    },
    runningOf(parts, engine, names),
  );
  const through = (invokeText: InvokeText) => ({ switchboard, names, invokeText });
  return {
    registry,
    databaseEndpoint: proxy?.endpoint ?? engine.endpoint,
    gateway: gatewayFaults({ switchboard, names, registry }),
    routes: (invokeText) => faultyRoutes(through(invokeText)),
    batches: (invokeText) => faultyBatches(through(invokeText)),
    direct: (invokeText) => faultyInvokeText(through(invokeText), 'invoke'),
    async: (invokeText) => faultyInvokeText(through(invokeText), 'async'),
    serve: createFaultsApi(control),
    close: async () => proxy?.close(),
  };
}
