/** The failures that the platform reports, with the error types and messages of Lambda. */

import type { InvocationResult } from './invocation.ts';

export type FailedInvocation = Extract<InvocationResult, { ok: false }>;

/** Returns a failure with a type and a message; `payload` defaults to both as JSON. */
export function failure(errorType: string, errorMessage: string, payload?: string): FailedInvocation {
  return {
    ok: false,
    errorType,
    errorMessage,
    timedOut: errorType === 'Sandbox.Timedout',
    payload: payload ?? JSON.stringify({ errorType, errorMessage }),
  };
}

const throttledType = 'TooManyRequestsException';

/** Returns the failure of an invocation that Lambda refuses, since no concurrency is left for it. */
export function throttled(): FailedInvocation {
  return failure(
    throttledType,
    'Rate Exceeded.',
    JSON.stringify({
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
      message: 'Rate Exceeded.',
    }),
  );
}

/** Whether Lambda refused the invocation, so that the function did not run. */
export function isThrottled(
  result: InvocationResult,
): result is FailedInvocation & { errorType: typeof throttledType } {
  return !result.ok && result.errorType === throttledType;
}

/** Returns the failure of an invocation that ran longer than its timeout. */
export function timedOut(requestId: string, timeoutSeconds: number): FailedInvocation {
  return failure(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  );
}

/** Returns the failure of an invocation whose environment exited before it answered. */
export function exited(requestId: string, exitCode: number): FailedInvocation {
  return failure(
    'Runtime.ExitError',
    `RequestId: ${requestId} Error: Runtime exited with error: exit status ${exitCode}`,
  );
}

/** Returns the failure for an error that the function threw, from its JSON description. */
export function thrown(payload: string): FailedInvocation {
  const { errorType, errorMessage }: { errorType: string; errorMessage: string } = JSON.parse(payload);
  return failure(errorType, errorMessage, payload);
}
