/** Injects faults into an invocation. */

import type { OnStarted } from '../functions/environment-pool.ts';
import { failure } from '../functions/invocation-failure.ts';
import type { InvocationResult } from '../functions/invocation.ts';
import { pause } from '../pause.ts';
import type { Fault, Verdict } from './switchboard.ts';

export interface FaultyRun {
  verdict: Verdict;
  run: (onStarted?: OnStarted) => Promise<InvocationResult>;
  /** Whether a duplicate runs only after the first has ended, as batches of a stream do. */
  inOrder: boolean;
  /** The result of a dropped invocation; without it, a dropped invocation never settles. */
  dropped?: InvocationResult;
}

/** Runs an invocation once, twice or not at all, as the verdict says. */
export async function runWithFaults({
  verdict,
  run,
  inOrder,
  dropped,
}: FaultyRun): Promise<InvocationResult> {
  const { before, after } = verdict;
  await pause(before.delayMs);
  const { fault } = before;
  if (fault?.action === 'fail') return injectedFailure(fault);
  // A dropped invocation never settles: the caller waits until its own time limit.
  if (fault?.action === 'drop') return dropped ?? new Promise(() => undefined);
  if (fault?.action === 'kill') return run(killAfter(fault.delayMs ?? 0));
  const result = fault?.action === 'duplicate' ? await runTwice(fault, run, inOrder) : await run();

  await pause(after.delayMs);
  return after.fault?.action === 'fail' ? injectedFailure(after.fault) : result;
}

async function runTwice(
  { delayMs = 0 }: Fault,
  run: FaultyRun['run'],
  inOrder: boolean,
): Promise<InvocationResult> {
  const first = run();
  if (inOrder) await first;
  await pause(delayMs);
  const second = run();
  return inOrder ? second : first;
}

/** Terminates the environment some time after the invocation started, unless it has ended by then. */
function killAfter(delayMs: number): OnStarted {
  return (environment) => {
    const invocation = environment.current();
    const kill = (): void => {
      if (environment.current() === invocation) void environment.terminate();
    };
    if (delayMs === 0) kill();
    else setTimeout(kill, delayMs);
  };
}

async function injectedFailure({ delayMs = 0, status, error }: Fault): Promise<InvocationResult> {
  await pause(delayMs);
  const message = 'This failure was injected by a rule of /_local/faults';
  if (status === undefined) return failure(error ?? 'InjectedFault', message);
  const body = JSON.stringify({ message: error ?? message });
  return { ok: true, payload: JSON.stringify({ statusCode: status, body }) };
}
