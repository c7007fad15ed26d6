/** Every call of a function passes here: the time limit, and what came of it. It knows nothing of HTTP or sockets. */
import type { Invoke } from '../functions/invocation.ts';

/** `timeout` is the gateway's own limit; a function that ran out of its time has `failed`. */
export type IntegrationOutcome =
  | { kind: 'returned'; value: unknown; text: string }
  | { kind: 'failed'; errorType: string; errorMessage: string }
  | { kind: 'timeout' };

export interface Integration {
  /** Calls a function and waits no longer than that many milliseconds for it. Never rejects. */
  call: (functionId: string, event: unknown, timeoutMilliseconds: number) => Promise<IntegrationOutcome>;
  /** Resolves when no call is waiting any more. */
  idle: () => Promise<void>;
  /** Waits for nothing any more: what still runs counts as timed out, and nothing new is called. */
  stop: () => void;
}

export function createIntegration(invoke: Invoke): Integration {
  const waiting = new Set<(outcome: IntegrationOutcome) => void>();
  let whenIdle: (() => void)[] = [];
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
      // A result that is not JSON, or a host that broke its word: to the client both are a failed function.
      return { kind: 'failed', errorType: 'Runtime.MarshalError', errorMessage: String(error) };
    }
  }

  function call(
    functionId: string,
    event: unknown,
    timeoutMilliseconds: number,
  ): Promise<IntegrationOutcome> {
    if (stopped) return Promise.resolve({ kind: 'timeout' });
    return new Promise((resolve) => {
      const settle = (outcome: IntegrationOutcome): void => {
        clearTimeout(timer);
        resolve(outcome);
        if (!waiting.delete(settle) || waiting.size > 0) return;
        for (const tell of whenIdle) tell();
        whenIdle = [];
      };
      // As on AWS, the function is not stopped by the gateway's limit; only nobody waits for it any more.
      const timer = setTimeout(settle, timeoutMilliseconds, { kind: 'timeout' });
      waiting.add(settle);
      void invokeAndParse(functionId, event).then(settle);
    });
  }

  return {
    call,
    idle: () => (waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
    stop: () => {
      stopped = true;
      for (const settle of waiting) settle({ kind: 'timeout' });
    },
  };
}
