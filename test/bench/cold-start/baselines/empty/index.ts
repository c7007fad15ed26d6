/** Nothing: what a fresh process takes for loading a file at all. */
export const nothing = undefined;
