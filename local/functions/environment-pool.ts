/**
 * Owns the execution environments of one function: which is free, when another is started, and what waits.
 * An environment runs one invocation at a time, as on Lambda.
 */

import { availableParallelism } from 'node:os';
import { randomUUID } from 'node:crypto';
import type { ExecutionEnvironment } from './environment.ts';
import type { InvocationResult } from './invocation.ts';
import { watchMs, type ProcessorLoad } from './processor-load.ts';

export interface EnvironmentPool {
  /** Starts the first environment; settles with the failure when its bundle does not load. */
  warm(): Promise<InvocationResult | undefined>;
  /** Runs an invocation on a free environment, or waits for one. `event` is JSON text. Never rejects. */
  invoke(event: string, started?: Started): Promise<InvocationResult>;
  /**
   * Ends one environment without notice, one that is running an invocation if any is; says whether one was.
   */
  kill(): boolean;
  /**
   * Lets the running invocations finish where they are, and runs the next ones on a new environment, once
   * that has loaded; settles with the failure, having replaced nothing, when its bundle does not load.
   */
  replace(start: StartEnvironment): Promise<InvocationResult | undefined>;
  close(): Promise<void>;
}

export type StartEnvironment = () => ExecutionEnvironment;

/** Told which environment runs an invocation, once it does. */
export type Started = (environment: ExecutionEnvironment) => void;

/**
 * A burst of a few milliseconds is over before another environment has loaded its bundle, and loading takes
 * the processor from those that work. So another is started only for what has waited this long.
 */
const growAfterMs = 20;

/**
 * So many can compute at a time. More are of use while these wait, for a connection that hangs, say; but where they
 * compute, and so the processors are busy, more of them make all of it slower: on two processors ten
 * carried 135 messages a second in rooms of ten sockets, four carried 180. Each compiles its code anew, too: three
 * open a tenth more sockets a second than four, and carry as many messages. So those that were added when they were of
 * use rest while the processors are busy.
 */
export const computing = Math.max(3, availableParallelism() + 1);

interface Waiting {
  event: string;
  started: Started | undefined;
  settle: (result: InvocationResult) => void;
}

/** A pool of at most `limit` environments. */
export function createEnvironmentPool(
  start: StartEnvironment,
  limit: number,
  load: ProcessorLoad,
): EnvironmentPool {
  const all = new Set<ExecutionEnvironment>();
  const busy = new Set<ExecutionEnvironment>();
  const stale = new WeakSet<ExecutionEnvironment>();
  let idle: ExecutionEnvironment[] = [];
  let waiting: Waiting[] = [];
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

  /** Whether one more would be of use now. */
  function isOfUse(): boolean {
    return busy.size + starting < computing || !load.isBusy();
  }

  function dispatch(): void {
    while (waiting.length > 0 && idle.length > 0 && isOfUse()) {
      void run(idle.pop() as ExecutionEnvironment, waiting.shift() as Waiting);
    }
    growIfNeeded();
  }

  function growIfNeeded(): void {
    if (closed || waiting.length <= starting) return;
    if (all.size === 0) void grow();
    else if (growTimer === undefined && (idle.length > 0 || all.size < limit)) {
      growTimer = setTimeout(growNow, busy.size + starting < computing ? growAfterMs : watchMs);
    }
  }

  function growNow(): void {
    growTimer = undefined;
    dispatch();
    const mayGrow = !closed && waiting.length > starting && idle.length === 0 && all.size < limit;
    if (mayGrow && isOfUse()) void grow();
    growIfNeeded();
  }

  /** The environment is free: it takes what waits longest, if that is of use, or rests. */
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

  async function run(environment: ExecutionEnvironment, { event, started, settle }: Waiting): Promise<void> {
    busy.add(environment);
    const running = environment.run(randomUUID(), event);
    started?.(environment);
    const result = await running;
    settle(result);
    // A timed-out environment is being terminated; its `ended` takes it out.
    if (!result.ok && (result.timedOut || result.errorType === 'Runtime.ExitError')) {
      forget(environment);
    } else {
      release(environment);
    }
  }

  return {
    warm: grow,
    invoke: (event, started) =>
      new Promise((settle) => {
        waiting.push({ event, started, settle });
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
