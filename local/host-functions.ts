/** Hosts the functions of a local run: with its log, its metrics, its faults and the addresses of its services. */

import type { Engine } from './engine/engine.ts';
import type { Faults } from './faults/faults.ts';
import { functionCredentials } from './functions/function-credentials.ts';
import { createFunctionHost, type FunctionHost } from './functions/function-host.ts';
import type { LocalOptions } from './local-runtime.ts';
import type { Log } from './log.ts';
import type { LocalMetrics } from './metrics/local-metrics.ts';
import { resourceNamesOf } from './permissions/names.ts';
import { serviceEndpoints } from './services/services.ts';
import type { LocalStack } from './stack.ts';

export interface HostFunctionsOptions {
  stack: LocalStack;
  engine: Engine;
  /** The address of the gateway, where the local services are, too. */
  address: string;
  metrics: LocalMetrics;
  log: Log;
  faults?: Faults;
  /** Where the compiled bundles are kept. */
  codeCache: string;
  observers: Pick<LocalOptions, 'onAwsCall' | 'onLeftWork'>;
}

export function hostFunctions({
  stack,
  engine,
  address,
  metrics,
  log,
  faults,
  codeCache,
  observers: { onAwsCall, onLeftWork },
}: HostFunctionsOptions): FunctionHost {
  return createFunctionHost({
    functions: stack.functions,
    region: stack.region,
    accountId: stack.accountId,
    log: {
      ...log,
      functionOutput(functionName, line) {
        metrics.observeOutput(functionName, line);
        log.functionOutput(functionName, line);
      },
    },
    codeCache,
    // An external database may keep the data of each access key apart.
    credentialsOf: (functionId) =>
      engine.pid() === undefined ? engine.credentials : functionCredentials(functionId),
    domainNames: stack.domainNames,
    names: resourceNamesOf(stack),
    ...(onAwsCall && { onAwsCall }),
    ...(faults && {
      registry: faults.registry,
      freezes: (functionId: string) => faults.freezes(functionId),
      onLeftWork(functionId: string, resources: string[]) {
        log.warn(`${functionId} answered and was frozen while it was still running: ${resources.join(', ')}`);
        onLeftWork?.(functionId, resources);
      },
    }),
    endpoints: {
      dynamodb: faults?.databaseEndpoint ?? engine.endpoint,
      apiGatewayManagementApi: `${address}/${stack.webSocketApi.stage}`,
      ...serviceEndpoints(address),
    },
  });
}
