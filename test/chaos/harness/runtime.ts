/** Starts a local runtime with fault injection, on data and bundles of its own, and restarts it on the same data. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { GatewayLimits } from '../../../local/gateway/gateway.ts';
import { createLog, type Log, type Verbosity } from '../../../local/log.ts';
import { startLocal, type LocalOptions, type LocalRuntime } from '../../../local/start.ts';
import { appOverBuild, bundlesOfBuild, codeCacheFolder, type FunctionBuild } from '../../kit/builds.ts';
import { testSettings } from '../../kit/test-settings.ts';
import { bundleDirectory } from '../../../infra/bundle.ts';
import { bundlesWith, type ModuleReplacement } from './replaced-modules.ts';
import { rulesOf, type Rules } from './rules.ts';
import { openTableReader, type TableReader } from './table-reader.ts';

export interface RuntimeSettings {
  /** Variables of settings, such as HEARTBEAT_SECONDS. */
  environment?: Record<string, string>;
  limits?: Partial<GatewayLimits>;
  expiry?: NonNullable<LocalOptions['expiry']>;
  /** How long a stream record is retried; ten minutes by default, as in a deployment. */
  maximumRecordAgeSeconds?: number;
  /** For scenarios without database faults, in which the proxy's own time would count as the product's. */
  withoutDatabaseFaults?: boolean;
  /** Called with what is still running when an invocation has answered and its environment is frozen. */
  onLeftWork?: NonNullable<LocalOptions['onLeftWork']>;
}

export interface FaultyRuntimeOptions extends RuntimeSettings {
  /** The random seed of fault rules that have none of their own. */
  seed?: number | string;
  replacements?: readonly ModuleReplacement[];
  verbosity?: Verbosity;
}

export interface FaultyRuntime {
  /** Without a trailing slash. Stays the same after a restart. */
  readonly url: string;
  readonly webSocketUrl: string;
  /** The present runtime; a restart replaces it. */
  readonly local: LocalRuntime;
  readonly rules: Rules;
  readonly table: TableReader;
  /** Connections to which a function could not deliver a frame, according to its log. */
  readonly undelivered: ReadonlySet<string>;
  /** The records of invocations that failed at every attempt, the oldest first. */
  failures(): string[];
  /** Stops everything and starts it again on the same data and port, without fault rules. */
  restart(): Promise<void>;
  /** Stops everything, deletes the table with its stream, and starts again with the secrets on an empty table. */
  loseTable(): Promise<void>;
  /** Builds the functions with these replacements only, and runs those that differ from then on. */
  rebuild(replacements: readonly ModuleReplacement[]): Promise<void>;
  stop(): Promise<void>;
}

/** Tokens outlast every scenario. */
const ownSettings = { ...testSettings, ACCESS_TOKEN_LIFETIME_MINUTES: '240' };

/** Resolves when the runtime answers. */
export async function startFaulty(options: FaultyRuntimeOptions = {}): Promise<FaultyRuntime> {
  const { seed = 1, replacements = [], verbosity = 'silent', environment, ...settings } = options;
  const directory = await mkdtemp(join(tmpdir(), 'chat-faults-'));
  const undelivered = new Set<string>();
  const log = withUndelivered(createLog(verbosity), undelivered);

  function start(port: number, fresh: boolean): Promise<LocalRuntime> {
    const { app, environment: ofBuild } = appOverBuild(buildWith(replacements));
    return startLocal({
      port,
      fresh,
      dataDirectory: join(directory, 'data'),
      faults: seed,
      log,
      codeCache: codeCacheFolder(),
      startsFunctionsOnDemand: true,
      environment: { ...process.env, ...ownSettings, ...environment, ...ofBuild },
      app,
      ...settings,
    });
  }

  let local = await start(0, true).catch(async (error: unknown) => {
    await rm(directory, { recursive: true, force: true });
    throw error;
  });
  const { url, webSocketUrl } = local;
  const tableName = local.stack.table.tableName;
  const table = openTableReader(() => local.engine.endpoint, tableName);

  /** Folders of the functions that were replaced since the start. */
  const running = new Map<string, string>();

  return {
    url,
    webSocketUrl,
    get local() {
      return local;
    },
    rules: rulesOf(() => url),
    table,
    undelivered,
    failures: () =>
      failureBucketsOf(local).flatMap((name) =>
        local.buckets
          .list(name)
          .toSorted((one, other) => one.modifiedAtMs - other.modifiedAtMs)
          .flatMap(({ key }) => local.buckets.get(name, key)?.body.toString() ?? []),
      ),
    async restart() {
      await local.stop();
      running.clear();
      local = await start(Number(new URL(url).port), false);
    },
    async loseTable() {
      await local.stop();
      running.clear();
      for (const name of ['dynamodb.db', 'stream-checkpoints.json'])
        await rm(join(directory, 'data', name), { force: true });
      local = await start(Number(new URL(url).port), false);
    },
    async rebuild(next) {
      const outdir = await bundlesOfBuild(buildWith(next));
      for (const { logicalId, codeDirectory } of local.stack.functions) {
        const folder = bundleDirectory(basename(codeDirectory), outdir);
        const before = running.get(logicalId) ?? codeDirectory;
        if (await isSameBundle(before, folder)) continue;
        if (!(await local.host.replace(logicalId, folder))) throw new Error(`${folder} cannot be loaded`);
        running.set(logicalId, folder);
      }
    },
    async stop() {
      table.close();
      await local.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** All buckets but the one of files, whose objects are no records. */
const failureBucketsOf = ({ stack }: LocalRuntime): string[] =>
  stack.buckets.filter(({ logicalId }) => !logicalId.startsWith('Files')).map(({ bucketName }) => bucketName);

const buildWith = (replacements: readonly ModuleReplacement[]): FunctionBuild => ({
  name: JSON.stringify(replacements),
  open: (outdir) => bundlesWith(outdir, replacements),
});

/** Returns the same log, which also records connections to which a frame was not delivered. */
function withUndelivered(log: Log, undelivered: Set<string>): Log {
  return {
    ...log,
    functionOutput(functionName, line) {
      if (line.includes('"A frame was not delivered"')) {
        const { connectionId } = JSON.parse(line) as { connectionId: string };
        undelivered.add(connectionId);
      }
      log.functionOutput(functionName, line);
    },
  };
}

async function isSameBundle(one: string, other: string): Promise<boolean> {
  const [before, after] = await Promise.all([one, other].map((folder) => readFile(join(folder, 'index.js'))));
  return before!.equals(after!);
}
