/** Starts and stops a local run of the synthesized template by connecting the parts in the folders. */

import { fileURLToPath } from 'node:url';
import { openDataDirectory } from './data-directory.ts';
import { createDynamoDbClient } from './engine/dynamodb-request.ts';
import { startEngine } from './engine/engine.ts';
import { prepareTable } from './engine/prepare-table.ts';
import { openFaults, type RunningParts } from './faults/faults.ts';
import { createPageReport, createReload, reloadOnChange } from './functions/reload.ts';
import { startObjectRules, startSchedules } from './functions/rules.ts';
import { hostFunctions } from './host-functions.ts';
import { startGateway } from './start-gateway.ts';
import type { LocalOptions, LocalRuntime } from './local-runtime.ts';
import { createLog } from './log.ts';
import { createLocalMetrics } from './metrics/local-metrics.ts';
import { openBuckets } from './services/buckets.ts';
import { watchLifecycle } from './services/s3/lifecycle.ts';
import { failedInvocations } from './services/failed-invocations.ts';
import { createQueues } from './services/queues.ts';
import type { LocalStack } from './stack.ts';
import { consumedUpTo } from './streams/checkpoints.ts';
import { watchExpiredItems } from './streams/expired-items.ts';
import { startStreams } from './streams/start-streams.ts';
import { projectApp } from './template/app-source.ts';
import { readAssembly } from './template/assembly.ts';
import { readStack } from './template/read-stack.ts';
import { beginSynthesis } from './template/synthesize.ts';

export type { LocalOptions, LocalRuntime } from './local-runtime.ts';

const stage = 'local';
const region = 'us-east-1';
const accountId = '000000000000';
/** The credentials with which the project's tools sign requests to a local run. */
const toolCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const defaultDataDirectory = fileURLToPath(new URL('../.data', import.meta.url));

/**
 * Starts all parts and resolves when they answer requests.
 * @throws StartFailure when a part cannot be started
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalRuntime> {
  const closers: (() => unknown)[] = [];
  /** Stops all started parts, the latest first. */
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
  const startedAtMs = performance.now();
  const timings: Record<string, number> = {};
  const mark = (part: string): void => void (timings[part] = Math.round(performance.now() - startedAtMs));

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
  const synthesis = (app.beginSynthesis ?? beginSynthesis)({
    appModule: app.appModule,
    stage,
    outdir: data.assembly,
    environment,
  });
  closers.push(() => synthesis.cancel());
  const synthesizing = app.openBundles().then(async (bundles) => {
    closers.push(() => bundles.close());
    await bundles.rebuild();
    mark('bundles');
    const assembly = await synthesis.finish();
    mark('template');
    return { bundles, assembly };
  });
  // Waits for both even when one fails, so that `stop` finds all started parts.
  const [engineStart, synthesized] = await Promise.allSettled([startingEngine, synthesizing]);
  if (synthesized.status === 'rejected') throw synthesized.reason;
  if (engineStart.status === 'rejected') throw engineStart.reason;
  const engine = engineStart.value;
  const { bundles, assembly } = synthesized.value;

  const stack = readStack({ ...readAssembly(assembly), stage, region, accountId });
  const metrics = createLocalMetrics(stack);
  const queues = createQueues(stack.queues, (queueId) => metrics.invocations.messageSent(queueId));
  const buckets = openBuckets({
    definitions: stack.buckets,
    directory: data.buckets,
    region,
    sendToQueue: (queueId, body) => queues.send(queueId, body),
  });
  const sendFailure = failedInvocations(
    queues,
    buckets,
    new Map(stack.buckets.map(({ logicalId, bucketName }) => [logicalId, bucketName])),
  );
  const parts: RunningParts = {};
  const faults =
    options.faults === undefined || options.faults === false
      ? undefined
      : await openFaults({
          stack,
          engine,
          seed: options.faults,
          withoutDatabaseFaults: options.withoutDatabaseFaults ?? false,
          parts,
          onFailedCall: (operation, body) => metrics.database.failed(operation, body),
        });
  closers.push(() => faults?.close());
  const started = await startGateway({
    ...(options.limits && { limits: options.limits }),
    ...(faults && { faults }),
    metrics,
    stack,
    queues,
    buckets,
    operators: [toolCredentials, engine.credentials],
    sendFailure,
    log,
    port,
    secretsFile: data.secrets,
    referencesFile: data.references,
  });
  const { gateway, address } = started;
  mark('gateway');

  const host = hostFunctions({
    stack,
    engine,
    address,
    metrics,
    log,
    ...(faults && { faults }),
    codeCache: options.codeCache ?? data.codeCache,
    observers: options,
  });
  const database = createDynamoDbClient({
    endpoint: engine.endpoint,
    region,
    credentials: engine.credentials,
  });
  Object.assign(parts, { gateway, host });
  let stopStreams: (() => Promise<void>) | undefined;
  // The gateway closes first, while the functions can still handle $disconnect.
  closers.push(
    () => database.close(),
    () => host.close(),
    started.connectHost(host),
    () => stopStreams?.(),
    () => parts.expiredItems?.close(),
    () => gateway.close(),
  );

  const preparingTable = prepareTable(stack.table, database).then((prepared) => {
    mark('table');
    return prepared;
  });
  const startFunctions = async (): Promise<void> => {
    if (options.startsFunctionsOnDemand === true) return;
    await host.warm();
    mark('functions');
  };
  const [{ streamArn }] = await Promise.all([preparingTable, startFunctions()]);
  const { ttlAttribute } = stack.table;
  // An external endpoint deletes expired items itself.
  if (ttlAttribute !== undefined && engine.pid() !== undefined) {
    const { table } = stack;
    parts.expiredItems = watchExpiredItems({ table, ttlAttribute, database, log, ...options.expiry });
  }
  if (streamArn !== undefined) {
    const observe = parts.expiredItems?.observe;
    const { maximumRecordAgeSeconds } = options;
    stopStreams = startStreams({
      stack: maximumRecordAgeSeconds === undefined ? stack : withRecordAge(stack, maximumRecordAgeSeconds),
      streamArn,
      database,
      invoke: metrics.invocations.batches(faults?.batches(host.invokeText) ?? host.invoke),
      sendFailure,
      log,
      checkpointFile: data.checkpoints,
      ...(observe && { observe }),
    });
  }
  const invocations = started.asyncInvocations;
  const lifecycle = watchLifecycle(buckets);
  parts.lifecycle = lifecycle;
  closers.push(
    startSchedules({ stack, invocations, scale: options.limits?.scale ?? 1 }),
    startObjectRules({ stack, buckets, invocations, ...(faults && { deliverEvent: faults.events }) }),
    () => lifecycle.close(),
  );
  if (options.watch === true) {
    const reload = createReload(stack.functions, host, log);
    const reportPage = createPageReport(stack.edge, log);
    reloadOnChange(bundles, () => reload().then(reportPage), log);
  }
  mark('ready');

  return {
    url: address,
    webSocketUrl: address.replace(/^http/, 'ws'),
    stack,
    engine,
    host,
    gateway,
    queues,
    metrics,
    buckets,
    timings,
    failed: engine.failed,
    stop,
  };
}

function withRecordAge(stack: LocalStack, maximumRecordAgeSeconds: number): LocalStack {
  const streamMappings = stack.streamMappings.map((mapping) => ({ ...mapping, maximumRecordAgeSeconds }));
  return { ...stack, streamMappings };
}
