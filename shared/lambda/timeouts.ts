/** How a function ends when its time is over. */

/**
 * Options for middy that keep it from answering shortly before the timeout: the handler would run on after its own answer,
 * in a frozen environment. Lambda ends the environment at the timeout instead, with everything that runs in it, and counts
 * an error of the function.
 */
export const lambdaEndsTimeouts = { timeoutEarlyInMillis: 0 };
