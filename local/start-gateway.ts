/**
 * Opens the port of a local run: the gateway, with the local AWS services behind it. The functions are
 * connected afterwards, because their environment variables contain the port.
 */

import { createDocsSite } from './docs-site.ts';
import { errorCode, errorMessage } from './error-details.ts';
import type { AwsCredentials } from './engine/dynamodb-request.ts';
import type { Faults } from './faults/faults.ts';
import { createAsyncInvocations, type AsyncInvocations } from './functions/async-invocations.ts';
import type { FunctionHost } from './functions/function-host.ts';
import { createGateway, type Gateway, type GatewayLimits } from './gateway/gateway.ts';
import type { Invoke } from './functions/invocation.ts';
import type { Log } from './log.ts';
import type { LocalMetrics } from './metrics/local-metrics.ts';
import type { Buckets } from './services/buckets.ts';
import type { SendFailedInvocation } from './services/failed-invocations.ts';
import type { Queues } from './services/queues.ts';
import { openReferences, type ResolveReferences } from './services/secret-references.ts';
import { openSecrets } from './services/secrets.ts';
import { createSigners } from './services/s3/signers.ts';
import { createServices } from './services/services.ts';
import type { EdgeBehavior } from './edge-behavior.ts';
import type { LocalStack } from './stack.ts';
import { StartFailure } from './start-failure.ts';

export interface StartGatewayOptions {
  stack: LocalStack;
  queues: Queues;
  buckets: Buckets;
  /** The credentials with which tools may use the buckets without a role. */
  operators: AwsCredentials[];
  sendFailure: SendFailedInvocation;
  log: Log;
  port: number;
  secretsFile: string;
  /** Where the values of the template's references to secrets are stored. */
  referencesFile: string;
  limits?: Partial<GatewayLimits>;
  faults?: Faults;
  metrics: LocalMetrics;
}

export interface StartedGateway {
  gateway: Gateway;
  /** `http://127.0.0.1:<port>` */
  address: string;
  asyncInvocations: Pick<AsyncInvocations, 'accept'>;
  /** Connects the functions; returns a function that cancels pending retries of asynchronous invocations. */
  connectHost(host: FunctionHost): () => void;
}

/**
 * Opens the port. Requests that arrive before the functions are connected wait for them.
 * @throws StartFailure when the port cannot be opened
 */
export async function startGateway(options: StartGatewayOptions): Promise<StartedGateway> {
  const {
    stack,
    queues,
    buckets,
    operators,
    sendFailure,
    log,
    port,
    secretsFile,
    referencesFile,
    limits,
    faults,
    metrics,
  } = options;
  const { functions, region, accountId } = stack;
  let connect: (host: FunctionHost) => void;
  const connected = new Promise<FunctionHost>((resolve) => (connect = resolve));
  let host: FunctionHost | undefined;

  const invokeText: FunctionHost['invokeText'] = async (functionId, event, onStarted) =>
    (host ?? (await connected)).invokeText(functionId, event, onStarted);

  // Outside of the faults, so that injected failures count.
  const { invocations } = metrics;
  const counted =
    (invoke: FunctionHost['invokeText']): FunctionHost['invokeText'] =>
    (functionId, event, onStarted) =>
      invocations.count(functionId, () => invoke(functionId, event, onStarted));
  const invokeRoute: Invoke =
    faults?.routes(invokeText) ?? ((functionId, event) => invokeText(functionId, JSON.stringify(event)));

  const asyncInvocations = createAsyncInvocations({
    functions,
    host: { invokeText: counted(faults?.async(invokeText) ?? invokeText) },
    sendFailure,
    onAttempt: (functionId, ageMs) => invocations.asyncEventAge(functionId, ageMs),
    region,
    accountId,
    log,
  });
  const secretsManager = openSecrets(stack.secrets, secretsFile);
  const services = createServices({
    functions,
    host: { invokeText: counted(faults?.direct(invokeText) ?? invokeText) },
    asyncInvocations,
    secretsManager,
    ...(faults && { beforeSecrets: faults.secrets }),
    sqs: queues.operations,
    s3: {
      buckets,
      region,
      findSigner: createSigners({ functions, accountId, operators }),
      ...(faults && { handle: faults.storage }),
    },
  });
  const references = openReferences(secretsManager['GetSecretValue']!, referencesFile);
  const edge = stack.edge.map((behavior) => asDeployed(behavior, references.resolve));
  references.save();
  const docsSite = createDocsSite();
  const gateway = createGateway({
    ...stack,
    buckets,
    edge,
    invoke: (functionId, event) => invocations.count(functionId, () => invokeRoute(functionId, event)),
    meter: metrics.gateway,
    log: (line, fields = {}) => {
      const text = `${line} ${JSON.stringify(fields)}`;
      if ('error' in fields || 'problem' in fields) log.warn(text);
      else log.debug(text);
    },
    internal: (request, response) =>
      services(request, response) ||
      metrics.serve(request, response) ||
      docsSite(request, response) ||
      faults?.serve(request, response) === true,
    ...(limits && { limits }),
    ...(faults && { faults: faults.gateway }),
  });
  return {
    gateway,
    address: `http://127.0.0.1:${await listen(gateway, port)}`,
    asyncInvocations,
    connectHost(functionHost) {
      host = functionHost;
      connect(functionHost);
      return () => asyncInvocations.close();
    },
  };
}

/** Replaces what only a deployment knows: references to secrets, and the addresses of buckets in headers. */
function asDeployed(behavior: EdgeBehavior, resolve: ResolveReferences): EdgeBehavior {
  const { viewerRequest: code } = behavior;
  const viewerRequest = code === undefined ? {} : { viewerRequest: resolve(code) };
  if (behavior.origin === 'bucket' || behavior.origin === 'objects') {
    const responseHeaders = behavior.responseHeaders.map(([name, value]): [string, string] => [
      name,
      value.replaceAll(bucketAddress, localSource),
    ]);
    return { ...behavior, ...viewerRequest, responseHeaders };
  }
  const { originHeaders = {} } = behavior;
  const resolved = Object.entries(originHeaders).map(([name, value]) => [name, resolve(value)]);
  const headers = Object.fromEntries(resolved) as Record<string, string>;
  return { ...behavior, ...viewerRequest, originHeaders: headers };
}

const bucketAddress = /https:\/\/[\w.-]+\.s3\.[\w-]+\.amazonaws\.com/g;
/** A content security policy may allow all ports; the runtime's is not open yet. */
const localSource = 'http://127.0.0.1:*';

async function listen(gateway: Gateway, port: number): Promise<number> {
  try {
    return await gateway.listen(port);
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE')
      throw new StartFailure(`Port ${port} is in use. Stop the other process, or set PORT to another port.`);
    throw new StartFailure(`Port ${port} could not be opened: ${errorMessage(error)}`);
  }
}
