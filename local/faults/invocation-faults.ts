/** Carries out what a rule says about an invocation, whoever invokes. It knows no events. */

import type { OnStarted } from '../functions/environment-pool.ts';
import { failure } from '../functions/invocation-failure.ts';
import type { InvocationResult } from '../functions/invocation.ts';
import { pause } from '../pause.ts';
import type { Fault, Verdict } from './switchboard.ts';

export interface FaultyRun {
  verdict: Verdict;
  run: (onStarted?: OnStarted) => Promise<InvocationResult>;
  /** Whether a duplicate waits for the first, as batches of a stream do. */
  inOrder: boolean;
  /** What is told of an invocation that is dropped; nothing, ever, when absent. */
  dropped?: InvocationResult;
}

/** Runs the invocation as the verdict says, up to never. */
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
  // Nothing comes of it: whoever waits does so up to a limit of its own.
  if (fault?.action === 'drop') return dropped ?? new Promise(() => undefined);
  if (fault?.action === 'kill') return run(killedAfter(fault.delayMs ?? 0));
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

/** Ends the environment that long after it began, unless it is done by then. */
function killedAfter(milliseconds: number): OnStarted {
  return (environment) => {
    const victim = environment.current();
    const kill = (): void => {
      if (environment.current() === victim) void environment.terminate();
    };
    if (milliseconds === 0) kill();
    else setTimeout(kill, milliseconds);
  };
}

async function injectedFailure({ delayMs = 0, status, error }: Fault): Promise<InvocationResult> {
  await pause(delayMs);
  const message = 'A fault was injected here';
  if (status === undefined) return failure(error ?? 'InjectedFault', message);
  const body = JSON.stringify({ message: error ?? message });
  return { ok: true, payload: JSON.stringify({ statusCode: status, body }) };
}
