/** Waits for work that was started together, so that none of it runs on after one part has failed. */
import { ChatError } from './chat-error.ts';

/**
 * Resolves with the values like `Promise.all`, but rejects only once every promise has settled: Lambda freezes a function
 * that has answered, and what still runs then goes on in a later invocation, or never. An unexpected error is thrown rather
 * than a refusal, because only unexpected ones are logged; among equals the first of the list is. The number of other
 * errors is stored on it as `alsoFailed`.
 */
export async function waitForAll<T extends readonly unknown[] | []>(
  promises: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  const results = await Promise.allSettled(promises);
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  if (errors.length > 0) throw chiefOf(errors);
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as {
    -readonly [P in keyof T]: Awaited<T[P]>;
  };
}

function chiefOf(errors: readonly unknown[]): unknown {
  const chief = errors.find((error) => !(error instanceof ChatError)) ?? errors[0];
  if (errors.length > 1 && chief instanceof Error) Object.assign(chief, { alsoFailed: errors.length - 1 });
  return chief;
}
