/** The failures that the platform itself reports, in the words that Lambda uses. */

import type { InvocationResult } from './invocation.ts';

export type FailedInvocation = Extract<InvocationResult, { ok: false }>;

/** A failure with the given type and message; `payload` defaults to the two as JSON. */
export function failure(errorType: string, errorMessage: string, payload?: string): FailedInvocation {
  return {
    ok: false,
    errorType,
    errorMessage,
    timedOut: errorType === 'Sandbox.Timedout',
    payload: payload ?? JSON.stringify({ errorType, errorMessage }),
  };
}

/** Ran longer than its timeout. */
export function timedOut(requestId: string, timeoutSeconds: number): FailedInvocation {
  return failure(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  );
}

/** The environment ended before it answered. */
export function exited(requestId: string, exitCode: number): FailedInvocation {
  return failure(
    'Runtime.ExitError',
    `RequestId: ${requestId} Error: Runtime exited with error: exit status ${exitCode}`,
  );
}

/** An error that the function's code threw, from its JSON description. */
export function thrown(payload: string): FailedInvocation {
  const { errorType, errorMessage }: { errorType: string; errorMessage: string } = JSON.parse(payload);
  return failure(errorType, errorMessage, payload);
}
