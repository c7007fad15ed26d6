/**
 * The database of a local run: either the embedded engine with its database file, which is restarted when it
 * dies, or the endpoint in DYNAMODB_ENDPOINT.
 */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../data-directory.ts';
import { errorMessage } from '../error-details.ts';
import type { Log } from '../log.ts';
import { isComplete, prepareDatabaseFile } from './database-file.ts';
import type { AwsCredentials } from './dynamodb-request.ts';
import { StartFailure } from '../start-failure.ts';
import { startEngineProcess, type EngineProcess } from './engine-process.ts';
import { fetchEngine } from './fetch-engine.ts';
import { findEngine } from './find-engine.ts';
import { freePort } from './free-port.ts';
import { canMergeLog, mergeLog } from './write-ahead-log.ts';

export interface Engine {
  endpoint: string;
  credentials: AwsCredentials;
  /** The process id of the embedded engine, which changes with a restart; undefined without one. */
  pid(): number | undefined;
  /**
   * Kills the embedded engine and settles with true when it has been restarted. This does not count towards
   * the limit of restarts. Settles with false for an external endpoint.
   */
  kill(): Promise<boolean>;
  /** Settles with the reason when the engine has died too often and is not restarted any more. */
  failed: Promise<string>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  dataDirectory: string;
  /** Start from an empty database. */
  fresh: boolean;
  /** The sequence number up to which all functions have processed a table's stream, by table name. */
  consumedUpTo: Map<string, number>;
  log: Log;
  environment?: NodeJS.ProcessEnv;
}

/** The number of restarts within a minute after which the engine is given up. */
const restartsPerMinute = 5;
const maxShutdownMs = 3_000;

/** Starts the embedded engine, or uses the endpoint in DYNAMODB_ENDPOINT. */
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
  const { log } = options;
  const binary = findEngine(environment) ?? (await fetchEngine({ environment, machine: process, log }));
  return startEmbeddedEngine(binary, options);
}

async function startEmbeddedEngine(
  binary: string,
  { dataDirectory, fresh, consumedUpTo, log }: Omit<EngineOptions, 'environment'>,
): Promise<Engine> {
  await mkdir(dataDirectory, { recursive: true });
  const databaseFile = join(dataDirectory, 'dynamodb.db');
  const port = await freePort();
  const pidFile = join(dataDirectory, 'engine.pid');
  await untilPreviousEngineEnded(pidFile);
  if (fresh) await removeDatabase(databaseFile);
  await completeDatabaseFile(binary, databaseFile, port);
  await prepareDatabaseFile(databaseFile, consumedUpTo);

  let stopping = false;
  let current = await startEngineProcess(binary, databaseFile, port);
  await writeFile(pidFile, String(current.pid));
  let reportFailure: (reason: string) => void;
  const failed = new Promise<string>((resolve) => (reportFailure = resolve));
  const deathTimesMs: number[] = [];
  const killedOnPurpose = new WeakSet<EngineProcess>();
  const restartCallbacks: (() => void)[] = [];
  void keepAlive(current);

  async function keepAlive(running: EngineProcess): Promise<void> {
    await running.exited;
    if (stopping) return;
    const isOnPurpose = killedOnPurpose.has(running);
    const nowMs = Date.now();
    if (!isOnPurpose) deathTimesMs.push(nowMs);
    if (deathTimesMs.filter((timeMs) => timeMs > nowMs - 60_000).length > restartsPerMinute) {
      reportFailure(`The database engine died ${restartsPerMinute + 1} times within a minute`);
      return;
    }
    if (!isOnPurpose) log.warn('The database engine died and is restarted with the same data');
    try {
      current = await startEngineProcess(binary, databaseFile, port);
      await writeFile(pidFile, String(current.pid));
    } catch (error) {
      reportFailure(errorMessage(error));
      return;
    }
    if (stopping) await current.stop();
    else void keepAlive(current);
    for (const notify of restartCallbacks.splice(0)) notify();
  }

  return {
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    pid: () => current.pid,
    async kill() {
      killedOnPurpose.add(current);
      // The process does not exist while the engine is being restarted.
      if (isAlive(current.pid)) process.kill(current.pid, 'SIGKILL');
      await new Promise<void>((resolve) => restartCallbacks.push(resolve));
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

/** The engine of a killed runtime ends a moment later. Until then, it uses the database file. */
async function untilPreviousEngineEnded(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => '0'));
  const deadline = Date.now() + maxShutdownMs;
  while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Runs the engine once, which creates the file, or merges the write-ahead log after a crash. */
async function completeDatabaseFile(binary: string, databaseFile: string, port: number): Promise<void> {
  for (let attempt = 0; attempt < 5 && !isComplete(databaseFile); attempt += 1) {
    await (await startEngineProcess(binary, databaseFile, port)).stop();
    if (!isComplete(databaseFile)) mergeLog(databaseFile);
  }
  if (isComplete(databaseFile)) return;
  throw new StartFailure(
    process.platform === 'win32' && !canMergeLog()
      ? `Node.js 22.13 or later is required on Windows; this is ${process.versions.node}.`
      : `The database engine did not complete its file ${databaseFile}. Start with --fresh to use an empty one.`,
  );
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
