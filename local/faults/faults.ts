/**
 * Creates the switchboard of a run with `--faults`, and the wrappers through which the parts of the runtime
 * consult it. Without `--faults`, the parts call each other directly.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine } from '../engine/engine.ts';
import type { FunctionHost } from '../functions/function-host.ts';
import { createEnvironmentRegistry, type EnvironmentRegistry } from '../functions/environment-registry.ts';
import type { Invoke } from '../functions/invocation.ts';
import type { DeliverEvent } from '../functions/rules.ts';
import type { GatewayFaults } from '../gateway/gateway-faults.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Lifecycle } from '../services/s3/lifecycle.ts';
import type { HandleStorageCall } from '../services/s3-api.ts';
import { StartFailure } from '../start-failure.ts';
import type { LocalStack } from '../stack.ts';
import type { ExpiredItems } from '../streams/expired-items.ts';
import { createControl, type RunActions } from './control.ts';
import { createDatabaseFaults } from './database-faults.ts';
import { openDatabaseProxy } from './database-proxy.ts';
import { createFaultsApi } from './faults-api.ts';
import { faultyBatches, faultyInvokeText, faultyRoutes } from './faulty-invoke.ts';
import { createFunctionNames, type FunctionNames } from './function-names.ts';
import { createGatewayFaults } from './gateway-faults.ts';
import { createSecretsFaults, type BeforeServing } from './service-faults.ts';
import { createEventFaults, createStorageFaults } from './storage-faults.ts';
import { pointNames, type PointName } from './points.ts';
import { createSwitchboard } from './switchboard.ts';

type InvokeText = FunctionHost['invokeText'];

export interface Faults {
  registry: EnvironmentRegistry;
  /** The database endpoint for the functions. */
  databaseEndpoint: string;
  gateway: GatewayFaults;
  /** Runs before each request to Secrets Manager. */
  secrets: BeforeServing;
  /** Passes on each request to a bucket. */
  storage: HandleStorageCall;
  /** Delivers the events of buckets. */
  events: DeliverEvent;
  /** Decides whether an environment of a function is frozen after the invocation that begins. */
  freezes(functionId: string): boolean;
  /** These wrap the host's `invokeText` for routes, the stream, other functions and asynchronous events. */
  routes(invokeText: InvokeText): Invoke;
  batches(invokeText: InvokeText): Invoke;
  direct(invokeText: InvokeText): InvokeText;
  async(invokeText: InvokeText): InvokeText;
  /** Serves a request to the faults API; returns false for other requests. */
  serve(request: IncomingMessage, response: ServerResponse): boolean;
  close(): Promise<void>;
}

/** The parts on which the faults API acts. They are added during the start, after the switchboard. */
export interface RunningParts {
  gateway?: Gateway;
  host?: FunctionHost;
  expiredItems?: ExpiredItems;
  lifecycle?: Lifecycle;
}

export interface FaultsOptions {
  stack: Pick<LocalStack, 'functions' | 'httpApi' | 'webSocketApi'>;
  engine: Pick<Engine, 'endpoint' | 'kill' | 'pid'>;
  /** The random seed; true for a fixed one. */
  seed: true | number | string;
  /** Lets functions call the engine directly; the points `database` and `engine` then do not exist. */
  withoutDatabaseFaults?: boolean;
  parts: RunningParts;
  /** Called with the operation and the body of each database call that was answered with an error. */
  onFailedCall?: (operation: string, body: string) => void;
}

const defaultSeed = '1';
/** The points at calls of the database. */
const databasePoints: ReadonlySet<PointName> = new Set(['database', 'engine']);

/**
 * Creates a switchboard without rules, and opens its database proxy unless `withoutDatabaseFaults` is set.
 * @throws StartFailure when the runtime did not start the database engine
 */
export async function openFaults({
  stack,
  engine,
  seed,
  withoutDatabaseFaults = false,
  parts,
  onFailedCall,
}: FaultsOptions): Promise<Faults> {
  if (engine.pid() === undefined)
    throw new StartFailure(
      '--faults needs the embedded database engine, but DYNAMODB_ENDPOINT is set. Use only one of them.',
    );
  const switchboard = createSwitchboard(seed === true ? defaultSeed : String(seed));
  const names = createFunctionNames(stack.functions);
  const registry = createEnvironmentRegistry();
  const handle = createDatabaseFaults({ switchboard, names, killEngine: () => engine.kill() });
  const proxy = withoutDatabaseFaults
    ? undefined
    : await openDatabaseProxy({
        engineEndpoint: engine.endpoint,
        registry,
        handle: async (call, perform) => {
          const answer = await handle(call, perform);
          if (answer !== undefined && answer.status >= 400)
            onFailedCall?.(call.operation, answer.body.toString('utf8'));
          return answer;
        },
      });
  const routes = [...stack.httpApi.routes, ...stack.webSocketApi.routes].map(({ routeKey }) => routeKey);
  const control = createControl(
    switchboard,
    {
      points: pointNames.filter((name) => !withoutDatabaseFaults || !databasePoints.has(name)),
      resolveFunction: names.resolve,
      functions: names.all,
      routes: [...new Set(routes)],
    },
    { ...actionsOn(parts, engine, names), silenceDatabase: () => proxy?.silenceIdle() ?? 0 },
  );
  const faulty = (invokeText: InvokeText) => ({ switchboard, names, invokeText });
  return {
    registry,
    databaseEndpoint: proxy?.endpoint ?? engine.endpoint,
    gateway: createGatewayFaults({ switchboard, names, registry }),
    secrets: createSecretsFaults({ switchboard, names, registry }),
    storage: createStorageFaults({ switchboard, names, registry }),
    events: createEventFaults({ switchboard, names }),
    freezes(functionId) {
      const fields = { function: names.of(functionId) };
      const { before } = switchboard.decide({ point: 'environment', fields, text: () => '' });
      return before.fault !== undefined;
    },
    routes: (invokeText) => faultyRoutes(faulty(invokeText)),
    batches: (invokeText) => faultyBatches(faulty(invokeText)),
    direct: (invokeText) => faultyInvokeText(faulty(invokeText), 'invoke'),
    async: (invokeText) => faultyInvokeText(faulty(invokeText), 'async'),
    serve: createFaultsApi(control),
    close: async () => proxy?.close(),
  };
}

/** Returns the actions on the parts; an action on a part that has not been started has no effect. */
function actionsOn(
  parts: RunningParts,
  engine: Pick<Engine, 'kill'>,
  names: FunctionNames,
): Omit<RunActions, 'silenceDatabase'> {
  return {
    killEngine: () => engine.kill(),
    killFunction: (name) => parts.host?.kill(names.idOf(name)) ?? false,
    sockets: () => [...(parts.gateway?.connections() ?? [])].map(({ context }) => context.connectionId),
    cutSocket: (id, announced) => parts.gateway?.connection(id)?.cut(announced),
    scale: () => parts.gateway?.scale() ?? 1,
    setScale: (scale) => parts.gateway?.setScale(scale),
    sweep: async () => (await parts.expiredItems?.sweep()) ?? 0,
    passDays: (days) => parts.lifecycle?.passDays(days) ?? 0,
  };
}
