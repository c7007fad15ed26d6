/**
 * Starts a local run of what the template describes, and stops it again. It puts the parts together; each
 * part is in a folder of its own, and reading the command line is `main.ts`'s.
 */

import { fileURLToPath } from 'node:url';
import { openDataDirectory } from './data-directory.ts';
import { createDynamoDbClient } from './engine/dynamodb-request.ts';
import { startEngine, type Engine } from './engine/engine.ts';
import { prepareTable } from './engine/prepare-table.ts';
import { createFunctionHost, type FunctionHost } from './functions/function-host.ts';
import type { Invoke } from './functions/invocation.ts';
import { createReload, reloadOnChange } from './functions/reload.ts';
import { openFront } from './front.ts';
import type { Gateway, GatewayLimits } from './gateway/gateway.ts';
import { createLog, type Log } from './log.ts';
import { createQueues, type Queues } from './services/queues.ts';
import { servicePaths } from './services/services.ts';
import type { LocalStack } from './stack.ts';
import { consumedUpTo } from './streams/checkpoints.ts';
import { startStreams } from './streams/start-streams.ts';
import { projectApp, type AppSource } from './template/app-source.ts';
import { readAssembly } from './template/assembly.ts';
import { readStack } from './template/read-stack.ts';
import { beginSynthesis } from './template/synthesize.ts';

export interface LocalOptions {
  /** 0 for any free one. */
  port?: number;
  /** Where data is kept; `.data` of the project when absent. */
  dataDirectory?: string;
  /** Begin with no data. */
  fresh?: boolean;
  /** Run new bundles when a source changes. */
  watch?: boolean;
  log?: Log;
  /** Settings for the template and for DYNAMODB_ENDPOINT; this process's own when absent. */
  environment?: NodeJS.ProcessEnv;
  app?: AppSource;
  limits?: Partial<GatewayLimits>;
  /** Wraps the invocations that the gateway and the streams make, to inject failures. */
  wrapInvoke?: (invoke: Invoke) => Invoke;
}

export interface LocalRuntime {
  url: string;
  webSocketUrl: string;
  stack: LocalStack;
  engine: Engine;
  host: FunctionHost;
  gateway: Gateway;
  queues: Queues;
  /** Milliseconds from the start until each part was there. */
  timings: Record<string, number>;
  /** Settles with the reason when the runtime can no longer do its work. */
  failed: Promise<string>;
  stop(): Promise<void>;
}

const stage = 'local';
const region = 'us-east-1';
const accountId = '000000000000';
const defaultDataDirectory = fileURLToPath(new URL('../.data', import.meta.url));

/** Starts everything and resolves when all of it answers; a StartFailure says in one line what is wrong. */
export async function startLocal(options: LocalOptions = {}): Promise<LocalRuntime> {
  const closers: (() => unknown)[] = [];
  /** Stops what was started, the latest first. */
  async function stop(): Promise<void> {
    for (const close of closers.splice(0).reverse()) await close();
  }
  try {
    return await start(options, closers, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: LocalOptions,
  closers: (() => unknown)[],
  stop: () => Promise<void>,
): Promise<LocalRuntime> {
  const {
    port = 0,
    fresh = false,
    environment = process.env,
    app = projectApp,
    log = createLog('normal'),
  } = options;
  const startedAt = performance.now();
  const timings: Record<string, number> = {};
  const mark = (part: string): void => void (timings[part] = Math.round(performance.now() - startedAt));

  const data = openDataDirectory(options.dataDirectory ?? defaultDataDirectory, { fresh });
  closers.push(() => data.release());

  const startingEngine = startEngine({
    dataDirectory: data.path,
    fresh,
    consumedUpTo: consumedUpTo(data.checkpoints),
    log,
    environment,
  }).then((engine) => {
    closers.push(() => engine.stop());
    mark('engine');
    return engine;
  });
  const synthesis = beginSynthesis({ appModule: app.appModule, stage, outdir: data.assembly, environment });
  closers.push(() => synthesis.cancel());
  const synthesizing = app.openBundles().then(async (bundles) => {
    closers.push(() => bundles.close());
    await bundles.rebuild();
    mark('bundles');
    await synthesis.finish();
    mark('template');
    return bundles;
  });
  // Both are waited for, whichever fails, so that `stop` finds all that was started.
  const [engineStart, synthesized] = await Promise.allSettled([startingEngine, synthesizing]);
  if (synthesized.status === 'rejected') throw synthesized.reason;
  if (engineStart.status === 'rejected') throw engineStart.reason;
  const engine = engineStart.value;
  const bundles = synthesized.value;

  const stack = readStack({ ...readAssembly(data.assembly), stage, region, accountId });
  const queues = createQueues(stack.queues);
  const front = await openFront({ ...options, stack, queues, log, port, secretsFile: data.secrets });
  const { gateway, address } = front;
  mark('gateway');

  const host = createFunctionHost({
    functions: stack.functions,
    region,
    accountId,
    log,
    credentials: engine.credentials,
    endpoints: {
      dynamodb: engine.endpoint,
      apiGatewayManagementApi: `${address}/${stack.webSocketApi.stage}`,
      secretsManager: address + servicePaths.secretsManager,
      lambda: address + servicePaths.lambda,
      sqs: address + servicePaths.sqs,
    },
  });
  const database = createDynamoDbClient({
    endpoint: engine.endpoint,
    region,
    credentials: engine.credentials,
  });
  let stopStreams: (() => Promise<void>) | undefined;
  // The gateway goes first: the functions are still there to hear of its disconnections.
  closers.push(
    () => database.close(),
    () => host.close(),
    front.connectHost(host),
    () => stopStreams?.(),
    () => gateway.close(),
  );

  const preparingTable = prepareTable(stack.table, database).then((prepared) => {
    mark('table');
    return prepared;
  });
  const [{ streamArn }] = await Promise.all([preparingTable, host.warm().then(() => mark('functions'))]);
  if (streamArn !== undefined) {
    const invoke = options.wrapInvoke?.(host.invoke) ?? host.invoke;
    stopStreams = startStreams({
      stack,
      streamArn,
      database,
      invoke,
      queues,
      log,
      checkpointFile: data.checkpoints,
    });
  }
  if (options.watch === true) reloadOnChange(bundles, createReload(stack.functions, host, log), log);
  mark('ready');

  return {
    url: address,
    webSocketUrl: address.replace(/^http/, 'ws'),
    stack,
    engine,
    host,
    gateway,
    queues,
    timings,
    failed: engine.failed,
    stop,
  };
}
