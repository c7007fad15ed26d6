/** The interface for calling a function, which `function-host.ts` implements. */

/** The result of one invocation, as Lambda's Invoke API reports it. */
export type InvocationResult =
  | { ok: true; /** The returned value as JSON text; `null` when there is none. */ payload: string }
  | {
      ok: false;
      /** For example `Sandbox.Timedout` after a timeout, `Runtime.ExitError` when the environment exited. */
      errorType: string;
      errorMessage: string;
      timedOut: boolean;
      /** The JSON text of `{errorType, errorMessage, trace}`. */
      payload: string;
    };

/** Runs the function with a logical id on an event and waits for its result. Never rejects. */
export type Invoke = (functionId: string, event: unknown) => Promise<InvocationResult>;
