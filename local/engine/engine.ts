/**
 * Owns the database of a local run: the embedded engine on a file of its own, restarted when it dies, or the
 * endpoint that DYNAMODB_ENDPOINT names. It knows nothing of what is in the tables.
 */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../data-directory.ts';
import { errorMessage } from '../error-details.ts';
import type { Log } from '../log.ts';
import { isFolded, prepareDatabaseFile } from './database-file.ts';
import type { AwsCredentials } from './dynamodb-request.ts';
import { StartFailure } from '../start-failure.ts';
import { startEngineProcess, type EngineProcess } from './engine-process.ts';
import { findEngine } from './find-engine.ts';
import { freePort } from './free-port.ts';

export interface Engine {
  endpoint: string;
  credentials: AwsCredentials;
  /** Process id of the embedded engine, which changes when it is restarted; none for another endpoint. */
  pid(): number | undefined;
  /**
   * Kills the embedded engine outright, which does not count as a death of its own, and settles when it has been
   * started again; false for another endpoint.
   */
  kill(): Promise<boolean>;
  /** Settles with the reason when the engine died too often to go on. */
  failed: Promise<string>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  dataDirectory: string;
  /** Start from an empty database. */
  fresh: boolean;
  /** By table name, the sequence number up to which all readers of its stream are done. */
  consumedUpTo: Map<string, number>;
  log: Log;
  environment?: NodeJS.ProcessEnv;
}

/** Restarts allowed within a minute before the engine is given up. */
const restartsPerMinute = 5;
const maxEndMs = 3_000;

/** Starts the engine, or takes the one that the environment names. */
export async function startEngine({ environment = process.env, ...options }: EngineOptions): Promise<Engine> {
  const endpoint = environment['DYNAMODB_ENDPOINT'];
  if (endpoint !== undefined && endpoint !== '') {
    return {
      endpoint,
      credentials: credentialsFrom(environment),
      pid: () => undefined,
      kill: () => Promise.resolve(false),
      failed: new Promise(() => undefined),
      stop: () => Promise.resolve(),
    };
  }
  return startEmbeddedEngine(findEngine(environment), options);
}

async function startEmbeddedEngine(
  binary: string,
  { dataDirectory, fresh, consumedUpTo, log }: Omit<EngineOptions, 'environment'>,
): Promise<Engine> {
  await mkdir(dataDirectory, { recursive: true });
  const databaseFile = join(dataDirectory, 'dynamodb.db');
  const port = await freePort();
  const pidFile = join(dataDirectory, 'engine.pid');
  await untilPredecessorEnded(pidFile);
  if (fresh) await removeDatabase(databaseFile);
  await fold(binary, databaseFile, port);
  await prepareDatabaseFile(databaseFile, consumedUpTo);

  let stopping = false;
  let current = await startEngineProcess(binary, databaseFile, port);
  await writeFile(pidFile, String(current.pid));
  let declareFailed: (reason: string) => void;
  const failed = new Promise<string>((resolve) => (declareFailed = resolve));
  const deaths: number[] = [];
  const killedOnPurpose = new WeakSet<EngineProcess>();
  const awaitingSuccessor: (() => void)[] = [];
  void keepAlive(current);

  async function keepAlive(running: EngineProcess): Promise<void> {
    await running.exited;
    if (stopping) return;
    const onPurpose = killedOnPurpose.has(running);
    const now = Date.now();
    if (!onPurpose) deaths.push(now);
    if (deaths.filter((at) => at > now - 60_000).length > restartsPerMinute) {
      declareFailed(`The database engine died ${restartsPerMinute + 1} times within a minute`);
      return;
    }
    if (!onPurpose) log.warn('the database engine died, it is started again on the same data');
    try {
      current = await startEngineProcess(binary, databaseFile, port);
      await writeFile(pidFile, String(current.pid));
    } catch (error) {
      declareFailed(errorMessage(error));
      return;
    }
    if (stopping) await current.stop();
    else void keepAlive(current);
    for (const tell of awaitingSuccessor.splice(0)) tell();
  }

  return {
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    pid: () => current.pid,
    async kill() {
      killedOnPurpose.add(current);
      // Dead already when it is just being started again.
      if (isAlive(current.pid)) process.kill(current.pid, 'SIGKILL');
      await new Promise<void>((resolve) => awaitingSuccessor.push(resolve));
      return true;
    },
    failed,
    async stop() {
      stopping = true;
      await current.stop();
      await rm(pidFile, { force: true });
    },
  };
}

/** The engine of a runtime that was killed outright ends by itself a moment later; the file is its own until then. */
async function untilPredecessorEnded(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => '0'));
  const deadline = Date.now() + maxEndMs;
  while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A first start makes the engine's own tables; one after a crash takes the write-ahead log into the file. */
async function fold(binary: string, databaseFile: string, port: number): Promise<void> {
  for (let attempt = 0; attempt < 5 && !isFolded(databaseFile); attempt += 1) {
    await (await startEngineProcess(binary, databaseFile, port)).stop();
  }
  if (!isFolded(databaseFile))
    throw new StartFailure(`The database engine does not finish writing ${databaseFile}`);
}

async function removeDatabase(databaseFile: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '.new']) await rm(`${databaseFile}${suffix}`, { force: true });
}

function credentialsFrom(environment: NodeJS.ProcessEnv): AwsCredentials {
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  return {
    accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? 'local',
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? 'local',
    ...(sessionToken !== undefined && { sessionToken }),
  };
}
