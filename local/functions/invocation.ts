/** How the other parts of the local runtime call a function; `function-host.ts` implements it. */

/** What came of one invocation, as the Invoke API would tell it. */
export type InvocationResult =
  | { ok: true; /** The JSON text that the function returned; `null` for nothing. */ payload: string }
  | {
      ok: false;
      /** `Sandbox.Timedout` when it ran out of time, `Runtime.ExitError` when its environment died. */
      errorType: string;
      errorMessage: string;
      timedOut: boolean;
      /** JSON text `{errorType, errorMessage, trace}`. */
      payload: string;
    };

/** Runs the function with that logical id on an event and waits for its result. Never rejects. */
export type Invoke = (functionId: string, event: unknown) => Promise<InvocationResult>;
