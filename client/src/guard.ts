/** Calls of stores, which belong to the application or the browser and may fail in any way. */

/** Runs a call that may throw, reject, or answer at once. Returns what `onFailure` makes of an error. */
export function guard<T>(call: () => T | Promise<T>, onFailure: (error: unknown) => T): T | Promise<T> {
  try {
    const result = call();
    return result instanceof Promise ? result.catch(onFailure) : result;
  } catch (error) {
    return onFailure(error);
  }
}
