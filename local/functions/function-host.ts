/** All functions of a local run: invokes them by logical id, and kills and replaces their environments. */

import type { AwsCredentials } from '../engine/dynamodb-request.ts';
import type { Log } from '../log.ts';
import type { AwsContext } from '../permissions/aws-calls.mjs';
import { StartFailure } from '../start-failure.ts';
import type { LambdaFunction } from '../stack.ts';
import { environmentVariables, type VariableOptions } from './environment-variables.ts';
import {
  createEnvironmentPool,
  type EnvironmentPool,
  type StartEnvironment,
  type OnStarted,
} from './environment-pool.ts';
import type { EnvironmentRegistry } from './environment-registry.ts';
import { startEnvironment, type Guard, type OnAwsCall } from './environment.ts';
import { failure, throttled } from './invocation-failure.ts';
import { watchProcessorLoad } from './processor-load.ts';
import type { Invoke, InvocationResult } from './invocation.ts';

export interface FunctionHost {
  invoke: Invoke;
  /** Like `invoke`, with the event as JSON text. Calls `onStarted` with the environment once it runs. */
  invokeText: (functionId: string, event: string, onStarted?: OnStarted) => Promise<InvocationResult>;
  /**
   * Loads every function once.
   * @throws StartFailure with the name of the first function whose bundle does not load
   */
  warm(): Promise<void>;
  /** Terminates one environment, preferably one that runs an invocation; returns whether one was running. */
  kill(functionId: string): boolean;
  /** Runs a function from another folder from now on; resolves with false when its bundle does not load. */
  replace(functionId: string, codeDirectory: string): Promise<boolean>;
  close(): Promise<void>;
}

type AwsNames = Omit<AwsContext, 'region' | 'accountId' | 'endpoints'>;

export interface FunctionHostOptions extends Omit<VariableOptions, 'credentials'> {
  /** The credentials of a function's environments where no registry gives each of them its own. */
  credentialsOf: (functionId: string) => AwsCredentials;
  functions: LambdaFunction[];
  accountId: string;
  log: Log;
  /** Gives each environment its own credentials; without a registry, all environments share the same ones. */
  registry?: EnvironmentRegistry;
  /** The resource names for enforcing the functions' roles; without them, all requests are allowed. */
  names?: AwsNames;
  /** Called for every checked AWS call, with the logical id of the function that made it. */
  onAwsCall?: (functionId: string, ...checked: Parameters<OnAwsCall>) => void;
  /** Decides, when an invocation begins, whether its environment is frozen from its answer until the next invocation. */
  freezes?: (functionId: string) => boolean;
  /** Called when an invocation has answered while work of its environment was still running, if it is to be frozen. */
  onLeftWork?: (functionId: string, resources: string[]) => void;
  /** The folder in which environments leave the compiled code of their bundles; without it, each compiles its own. */
  codeCache?: string;
  /** The maximum number of environments of one function; further invocations wait. */
  environmentsPerFunction?: number;
}

/** Creates a host that has not loaded any function yet. */
export function createFunctionHost(options: FunctionHostOptions): FunctionHost {
  const { functions, accountId, region, endpoints, log, registry, environmentsPerFunction = 10 } = options;
  const { codeCache, names, onAwsCall, freezes, onLeftWork } = options;
  const load = watchProcessorLoad();
  const pools = new Map<string, EnvironmentPool>(
    functions.map((definition) => [
      definition.logicalId,
      createEnvironmentPool(starterOf(definition), environmentsPerFunction, load),
    ]),
  );

  function starterOf(definition: LambdaFunction): StartEnvironment {
    const { functionName, alias } = definition;
    const qualifier = alias === undefined ? '' : `:${alias}`;
    const functionArn = `arn:aws:lambda:${region}:${accountId}:function:${functionName}${qualifier}`;
    const startWith = (credentials: AwsCredentials) => {
      const variables = environmentVariables(definition, { ...options, credentials });
      return startEnvironment({
        definition,
        functionArn,
        variables,
        log,
        ...(codeCache !== undefined && { codeCache }),
        ...(names && { guard: guardOf(definition, names) }),
        ...(freezes && { freezes: () => freezes(definition.logicalId) }),
        ...(onLeftWork && { onLeftWork: (resources) => onLeftWork(definition.logicalId, resources) }),
        ...(onAwsCall && { onAwsCall: (...checked) => onAwsCall(definition.logicalId, ...checked) }),
      });
    };
    return () =>
      registry?.start(definition.logicalId, startWith) ??
      startWith(options.credentialsOf(definition.logicalId));
  }

  function guardOf({ role, functionName }: LambdaFunction, names: AwsNames): Guard {
    return {
      statements: role.statements,
      roleArn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${functionName}`,
      awsContext: { region, accountId, endpoints, ...names },
    };
  }

  const reserved = new Map(functions.map((row) => [row.logicalId, row.reservedConcurrency ?? Infinity]));
  /** The invocations that were accepted and not answered, by function. */
  const pending = new Map<string, number>();

  async function invokeText(
    functionId: string,
    event: string,
    onStarted?: OnStarted,
  ): Promise<InvocationResult> {
    const pool = pools.get(functionId);
    if (pool === undefined) return failure('ResourceNotFoundException', `Function not found: ${functionId}`);
    const count = pending.get(functionId) ?? 0;
    if (count >= reserved.get(functionId)!) return throttled();
    pending.set(functionId, count + 1);
    const result = await pool.invoke(event, onStarted);
    pending.set(functionId, pending.get(functionId)! - 1);
    return result;
  }

  return {
    invokeText,
    invoke: (functionId, event) => invokeText(functionId, JSON.stringify(event) ?? 'null'),
    async warm() {
      const failures = await Promise.all(
        functions.map(async ({ logicalId, functionName }) => ({
          functionName,
          failed: await pools.get(logicalId)!.warm(),
        })),
      );
      for (const { functionName, failed } of failures) {
        if (failed !== undefined && !failed.ok) {
          throw new StartFailure(
            `The bundle of ${functionName} could not be loaded: ${failed.errorType}: ${failed.errorMessage}`,
          );
        }
      }
    },
    kill: (functionId) => pools.get(functionId)?.kill() ?? false,
    async replace(functionId, codeDirectory) {
      const definition = functions.find(({ logicalId }) => logicalId === functionId)!;
      const failed = await pools.get(functionId)!.replace(starterOf({ ...definition, codeDirectory }));
      if (failed === undefined || failed.ok) return true;
      log.error(
        `The new bundle of ${definition.functionName} could not be loaded, so the previous one keeps running: ` +
          `${failed.errorType}: ${failed.errorMessage}`,
      );
      return false;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
