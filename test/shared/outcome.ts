/** The outcome of a call that may throw, for tests that expect one thing or the other. */
export function outcomeOf<T>(run: () => T): {
  value?: T;
  error?: { code?: string; fields?: { path: string; message: string }[] };
} {
  try {
    return { value: run() };
  } catch (error) {
    return { error: error as { code?: string } };
  }
}
