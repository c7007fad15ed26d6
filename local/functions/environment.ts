/** One execution environment: a worker thread with a function's bundle that runs one invocation at a time. */

import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { Log } from '../log.ts';
import type { AwsContext } from '../permissions/aws-calls.mjs';
import type { AwsCall, Statement, Verdict } from '../permissions/policy.mjs';
import type { LambdaFunction } from '../stack.ts';
import type { InvocationResult } from './invocation.ts';
import { exited, failure, thrown, timedOut } from './invocation-failure.ts';

export interface EnvironmentOptions {
  definition: LambdaFunction;
  functionArn: string;
  /** The whole `process.env` of the environment; it inherits no variable from this process. */
  variables: Record<string, string>;
  log: Log;
  /** The folder for compiled code; without it, each environment compiles its bundle. */
  codeCache?: string;
  /** The permissions that are enforced on requests to AWS; without it, all requests are allowed. */
  guard?: Guard;
  /** Called for every AWS call that the guard has checked. */
  onAwsCall?: OnAwsCall;
  /** Decides, when an invocation begins, whether the environment is frozen from its answer until the next invocation. */
  freezes?: () => boolean;
  /** Called with the names of the resources that were active when an invocation had answered, before it is frozen. */
  onLeftWork?: (resources: string[]) => void;
}

/** Receives an AWS call and the verdict of the permission check. */
export type OnAwsCall = (call: AwsCall, verdict: Verdict) => void;

export interface Guard {
  statements: Statement[];
  /** The principal that is named when a call is denied. */
  roleArn: string;
  awsContext: AwsContext;
}

/** A running invocation; each is a separate object, so that identity tells invocations apart. */
export interface RunningInvocation {
  readonly requestId: string;
}

export interface ExecutionEnvironment {
  /** Settles when the bundle has been loaded; with the failure when it could not be loaded. */
  initialized: Promise<InvocationResult | undefined>;
  /** Settles when the worker has exited. */
  ended: Promise<void>;
  /** Runs one invocation; the environment must be idle. `event` is JSON text. Never rejects. */
  run(requestId: string, event: string): Promise<InvocationResult>;
  /** The invocation that is running now. */
  current(): RunningInvocation | undefined;
  terminate(): Promise<void>;
}

type Message =
  | { kind: 'ready' }
  | { kind: 'initFailed'; error: unknown }
  | { kind: 'call'; call: AwsCall; verdict: Verdict }
  | { kind: 'leftWork'; resources: string[] }
  | { kind: 'answer'; requestId: string; ok: boolean; payload: string };

/** The time to load a bundle, as on AWS. */
const initTimeoutMs = 10_000;
/** The size limit of a synchronous result, as on AWS. */
const maxPayloadBytes = 6_291_556;

const workerFile = new URL('environment.mjs', import.meta.url);

/** Starts a worker and begins to load the bundle in it. */
export function startEnvironment({
  definition,
  functionArn,
  variables,
  log,
  codeCache,
  guard,
  onAwsCall,
  freezes = () => false,
  onLeftWork,
}: EnvironmentOptions): ExecutionEnvironment {
  const { codeDirectory, handler, functionName, memoryMb, timeoutSeconds } = definition;
  /** The number of invocations, which a frozen environment waits to change. */
  const begun = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(workerFile, {
    workerData: {
      codeDirectory,
      codeCache,
      handler,
      functionName,
      memoryMb,
      functionArn,
      guard,
      begun,
      reportsCalls: onAwsCall !== undefined,
    },
    env: variables,
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  for (const output of [worker.stdout, worker.stderr]) {
    createInterface({ input: output }).on('line', (line) => log.functionOutput(functionName, line));
  }

  let running: { requestId: string; settle: (result: InvocationResult) => void } | undefined;
  let exitCode: number | undefined;
  const end = { resolve: () => {} };
  const ended = new Promise<void>((resolve) => (end.resolve = resolve));
  const initialization = { resolve: (_failed?: InvocationResult) => {} };
  const initialized = new Promise<InvocationResult | undefined>(
    (resolve) => (initialization.resolve = resolve),
  );
  const initTimer = setTimeout(() => {
    initialization.resolve(timedOut('init', initTimeoutMs / 1000));
    void worker.terminate();
  }, initTimeoutMs);

  function finish(result: InvocationResult): void {
    const { settle } = running!;
    running = undefined;
    settle(result);
  }

  worker.on('message', (message: Message) => {
    switch (message.kind) {
      case 'ready':
        clearTimeout(initTimer);
        initialization.resolve();
        break;
      case 'initFailed':
        clearTimeout(initTimer);
        initialization.resolve(thrown(JSON.stringify(message.error)));
        void worker.terminate();
        break;
      case 'call':
        onAwsCall?.(message.call, message.verdict);
        break;
      case 'leftWork':
        onLeftWork?.(message.resources);
        break;
      case 'answer':
        if (running?.requestId === message.requestId) finish(resultOf(message.ok, message.payload));
        break;
    }
  });
  worker.on('error', (error) => log.error(`${functionName} crashed: ${describe(error)}`));
  worker.on('exit', (code) => {
    exitCode = code;
    clearTimeout(initTimer);
    initialization.resolve(exited('init', code));
    if (running !== undefined) finish(exited(running.requestId, code));
    end.resolve();
  });

  return {
    initialized,
    ended,
    run(requestId, event) {
      if (exitCode !== undefined) return Promise.resolve(exited(requestId, exitCode));
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          finish(timedOut(requestId, timeoutSeconds));
          void worker.terminate();
        }, timeoutSeconds * 1000);
        running = {
          requestId,
          settle(result) {
            clearTimeout(timer);
            resolve(result);
          },
        };
        const deadlineMs = Date.now() + timeoutSeconds * 1000;
        // Counted first: a worker that has answered before would otherwise not be frozen.
        Atomics.add(begun, 0, 1);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
        worker.postMessage({ requestId, event, deadlineMs, freezes: freezes() });
        Atomics.notify(begun, 0);
      });
    },
    current: () => running,
    async terminate() {
      await worker.terminate();
    },
  };
}

function resultOf(ok: boolean, payload: string): InvocationResult {
  if (!ok) return thrown(payload);
  if (payload.length * 3 > maxPayloadBytes && Buffer.byteLength(payload) > maxPayloadBytes) {
    return failure(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${maxPayloadBytes} bytes).`,
    );
  }
  return { ok: true, payload };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
