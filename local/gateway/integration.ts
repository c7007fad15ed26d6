/** Calls functions for the routes of both APIs, within the time limit of an integration. */
import type { Invoke } from '../functions/invocation.ts';

/** `timeout` means that the gateway stopped waiting; a function that reached its own timeout `failed`. */
export type IntegrationOutcome =
  | { kind: 'returned'; value: unknown; text: string }
  | { kind: 'failed'; errorType: string; errorMessage: string }
  | { kind: 'timeout' };

export interface Integration {
  /** Calls a function and waits at most `timeoutMs` for its result. Never rejects. */
  call: (functionId: string, event: unknown, timeoutMs: number) => Promise<IntegrationOutcome>;
  /** Resolves when no call is pending. */
  idle: () => Promise<void>;
  /** Ends all pending calls as timed out, and every later call at once. */
  stop: () => void;
}

/** Creates the integration through which both APIs call `invoke`. */
export function createIntegration(invoke: Invoke): Integration {
  const waiting = new Set<(outcome: IntegrationOutcome) => void>();
  let idleCallbacks: (() => void)[] = [];
  let stopped = false;

  async function invokeAndParse(functionId: string, event: unknown): Promise<IntegrationOutcome> {
    try {
      const result = await invoke(functionId, event);
      if (!result.ok) {
        return { kind: 'failed', errorType: result.errorType, errorMessage: result.errorMessage };
      }
      const value: unknown = JSON.parse(result.payload);
      return { kind: 'returned', value, text: result.payload };
    } catch (error) {
      // The result is not JSON, or `invoke` rejected unexpectedly: for the client both are a failed function.
      return { kind: 'failed', errorType: 'Runtime.MarshalError', errorMessage: String(error) };
    }
  }

  function call(functionId: string, event: unknown, timeoutMs: number): Promise<IntegrationOutcome> {
    if (stopped) return Promise.resolve({ kind: 'timeout' });
    return new Promise((resolve) => {
      const settle = (outcome: IntegrationOutcome): void => {
        clearTimeout(timer);
        resolve(outcome);
        if (!waiting.delete(settle) || waiting.size > 0) return;
        for (const notify of idleCallbacks) notify();
        idleCallbacks = [];
      };
      // As on AWS, the function itself keeps running when the gateway stops waiting for it.
      const timer = setTimeout(settle, timeoutMs, { kind: 'timeout' });
      waiting.add(settle);
      void invokeAndParse(functionId, event).then(settle);
    });
  }

  return {
    call,
    idle: () =>
      waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => idleCallbacks.push(resolve)),
    stop: () => {
      stopped = true;
      for (const settle of waiting) settle({ kind: 'timeout' });
    },
  };
}
