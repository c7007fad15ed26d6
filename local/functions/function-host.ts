/**
 * Owns all functions of a local run: invokes them by their logical id, kills and replaces their environments.
 * It does not know who invokes them, nor why.
 */

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
  type Started,
} from './environment-pool.ts';
import type { EnvironmentRegistry } from './environment-registry.ts';
import { startEnvironment, type Guard, type HearCall } from './environment.ts';
import { failure } from './invocation-failure.ts';
import { processorLoad } from './processor-load.ts';
import type { Invoke, InvocationResult } from './invocation.ts';

export interface FunctionHost {
  invoke: Invoke;
  /** As `invoke`, with the event as JSON text; tells which environment took it, once one has. */
  invokeText: (functionId: string, event: string, started?: Started) => Promise<InvocationResult>;
  /** Loads every function once; a StartFailure names the first whose bundle does not load. */
  warm(): Promise<void>;
  /** Ends one environment of the function at once, one in the middle of an invocation if any; says whether one was. */
  kill(functionId: string): boolean;
  /** Runs the function from that folder from now on; says whether its bundle could be loaded. */
  replace(functionId: string, codeDirectory: string): Promise<boolean>;
  close(): Promise<void>;
}

type AwsNames = Omit<AwsContext, 'region' | 'accountId' | 'endpoints'>;

export interface FunctionHostOptions extends VariableOptions {
  functions: LambdaFunction[];
  accountId: string;
  log: Log;
  /** Gives each environment credentials of its own; without one, all have the same. */
  registry?: EnvironmentRegistry;
  /** Names in the stack by which requests are judged as the functions' roles say; without them, none is. */
  names?: AwsNames;
  /** Hears of every call of AWS that was judged, by the logical id of the function that made it. */
  heard?: (functionId: string, ...judged: Parameters<HearCall>) => void;
  /** Environments of one function at most; what exceeds them waits. */
  environmentsPerFunction?: number;
}

/** A host that has loaded nothing yet. */
export function createFunctionHost(options: FunctionHostOptions): FunctionHost {
  const { functions, accountId, region, endpoints, log, registry, environmentsPerFunction = 10 } = options;
  const { names, heard } = options;
  const load = processorLoad();
  const pools = new Map<string, EnvironmentPool>(
    functions.map((definition) => [
      definition.logicalId,
      createEnvironmentPool(starterOf(definition), environmentsPerFunction, load),
    ]),
  );

  function starterOf(definition: LambdaFunction): StartEnvironment {
    const functionArn = `arn:aws:lambda:${region}:${accountId}:function:${definition.functionName}`;
    const startWith = (credentials: AwsCredentials) => {
      const variables = environmentVariables(definition, { ...options, credentials });
      return startEnvironment({
        definition,
        functionArn,
        variables,
        log,
        ...(names && { guard: guardOf(definition, names) }),
        ...(heard && { heard: (...judged) => heard(definition.logicalId, ...judged) }),
      });
    };
    return () => registry?.start(definition.logicalId, startWith) ?? startWith(options.credentials);
  }

  function guardOf({ role, functionName }: LambdaFunction, names: AwsNames): Guard {
    return {
      statements: role.statements,
      roleArn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${functionName}`,
      awsContext: { region, accountId, endpoints, ...names },
    };
  }

  function invokeText(functionId: string, event: string, started?: Started): Promise<InvocationResult> {
    const pool = pools.get(functionId);
    if (pool === undefined)
      return Promise.resolve(failure('ResourceNotFoundException', `Function not found: ${functionId}`));
    return pool.invoke(event, started);
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
            `The bundle of ${functionName} does not load: ${failed.errorType}: ${failed.errorMessage}`,
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
        `the new bundle of ${definition.functionName} does not load: ${failed.errorType}: ${failed.errorMessage}`,
      );
      return false;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
