/**
 * The execution environments of one function: which are idle, when another one is started, and which
 * invocations wait. An environment runs one invocation at a time, as on Lambda.
 */

import { availableParallelism } from 'node:os';
import { randomUUID } from 'node:crypto';
import type { ExecutionEnvironment } from './environment.ts';
import type { InvocationResult } from './invocation.ts';
import { loadWindowMs, type ProcessorLoad } from './processor-load.ts';

export interface EnvironmentPool {
  /** Starts the first environment; settles with the failure when its bundle does not load. */
  warm(): Promise<InvocationResult | undefined>;
  /** Runs an invocation on an idle environment, or waits for one. `event` is JSON text. Never rejects. */
  invoke(event: string, onStarted?: OnStarted): Promise<InvocationResult>;
  /** Terminates one environment, preferably a running one; returns whether it was running an invocation. */
  kill(): boolean;
  /**
   * Starts an environment with a new bundle. Once it has loaded, it replaces all others, which still finish
   * their running invocations. Settles with the failure and replaces nothing when the bundle does not load.
   */
  replace(start: StartEnvironment): Promise<InvocationResult | undefined>;
  close(): Promise<void>;
}

export type StartEnvironment = () => ExecutionEnvironment;

/** Called with the environment that runs an invocation, as soon as it runs. */
export type OnStarted = (environment: ExecutionEnvironment) => void;

/**
 * An environment is added only when an invocation has waited for this long. A shorter burst is over before a
 * new environment has loaded its bundle, and loading takes processor time from the running invocations.
 */
const growAfterMs = 20;

/**
 * The number of environments that run at the same time while the processors are busy; the others stay idle.
 * More environments help only while the running ones wait, for example for a connection that hangs. Measured
 * on two processors in rooms of ten sockets: ten environments handle 135 messages a second, four handle 180.
 * Each one also compiles its bundle again: three handle as many messages as four, but open a tenth more
 * sockets a second.
 */
export const maxRunningWhenBusy = Math.max(3, availableParallelism() + 1);

interface WaitingInvocation {
  event: string;
  onStarted: OnStarted | undefined;
  settle: (result: InvocationResult) => void;
}

/** Creates a pool of at most `limit` environments. */
export function createEnvironmentPool(
  start: StartEnvironment,
  limit: number,
  load: ProcessorLoad,
): EnvironmentPool {
  const all = new Set<ExecutionEnvironment>();
  const busy = new Set<ExecutionEnvironment>();
  const stale = new WeakSet<ExecutionEnvironment>();
  let idle: ExecutionEnvironment[] = [];
  let waiting: WaitingInvocation[] = [];
  let starting = 0;
  let growTimer: NodeJS.Timeout | undefined;
  let closed = false;

  function register(environment: ExecutionEnvironment): void {
    all.add(environment);
    void environment.ended.then(() => forget(environment));
  }

  function forget(environment: ExecutionEnvironment): void {
    all.delete(environment);
    busy.delete(environment);
    idle = idle.filter((other) => other !== environment);
    growIfNeeded();
  }

  async function grow(): Promise<InvocationResult | undefined> {
    starting += 1;
    const environment = start();
    register(environment);
    const failed = await environment.initialized;
    starting -= 1;
    if (failed === undefined) release(environment);
    else waiting.shift()?.settle(failed);
    growIfNeeded();
    return failed;
  }

  /** Whether one more running environment would make the function faster now. */
  function canRunMore(): boolean {
    return busy.size + starting < maxRunningWhenBusy || !load.isBusy();
  }

  function dispatch(): void {
    while (waiting.length > 0 && idle.length > 0 && canRunMore()) {
      void run(idle.pop() as ExecutionEnvironment, waiting.shift() as WaitingInvocation);
    }
    growIfNeeded();
  }

  function growIfNeeded(): void {
    if (closed || waiting.length <= starting) return;
    if (all.size === 0) void grow();
    else if (growTimer === undefined && (idle.length > 0 || all.size < limit)) {
      growTimer = setTimeout(growNow, busy.size + starting < maxRunningWhenBusy ? growAfterMs : loadWindowMs);
    }
  }

  function growNow(): void {
    growTimer = undefined;
    dispatch();
    const mayGrow = !closed && waiting.length > starting && idle.length === 0 && all.size < limit;
    if (mayGrow && canRunMore()) void grow();
    growIfNeeded();
  }

  /** Makes an environment idle, from where it may take the invocation that has waited longest. */
  function release(environment: ExecutionEnvironment): void {
    busy.delete(environment);
    if (stale.has(environment) || closed) {
      void environment.terminate();
      return;
    }
    if (!all.has(environment)) return;
    idle.push(environment);
    dispatch();
  }

  async function run(environment: ExecutionEnvironment, invocation: WaitingInvocation): Promise<void> {
    busy.add(environment);
    const running = environment.run(randomUUID(), invocation.event);
    invocation.onStarted?.(environment);
    const result = await running;
    invocation.settle(result);
    // This environment is ending; without this, it would be used again until `ended` settles.
    if (!result.ok && (result.timedOut || result.errorType === 'Runtime.ExitError')) {
      forget(environment);
    } else {
      release(environment);
    }
  }

  return {
    warm: grow,
    invoke: (event, onStarted) =>
      new Promise((settle) => {
        waiting.push({ event, onStarted, settle });
        dispatch();
      }),
    kill() {
      const [victim] = busy.size > 0 ? busy : all;
      const wasBusy = busy.size > 0;
      void victim?.terminate();
      return wasBusy;
    },
    async replace(next) {
      const environment = next();
      const failed = await environment.initialized;
      if (failed !== undefined) return failed;
      start = next;
      for (const old of all) stale.add(old);
      for (const old of idle) void old.terminate();
      idle = [];
      register(environment);
      release(environment);
      return undefined;
    },
    async close() {
      closed = true;
      clearTimeout(growTimer);
      waiting = [];
      await Promise.all([...all].map((environment) => environment.terminate()));
    },
  };
}
