/** A local runtime whose limits are low enough for tests to reach. */
import type { LocalRuntime } from '../../../local/start.ts';
import { useRuntime } from '../../kit/use-runtime.ts';

export const limits = {
  CONNECTIONS_PER_USER: 3,
  COMMAND_BUDGET_PER_10_SECONDS: 20,
  MESSAGES_PER_10_SECONDS: 20,
  MICRO_DOLLARS_PER_USER_PER_MINUTE: 3_000,
  LOOKUPS_PER_USER_PER_MINUTE: 4,
  ROOMS_PER_USER_PER_HOUR: 4,
  ADDITIONS_PER_USER_PER_HOUR: 4,
  TICKETS_PER_USER_PER_MINUTE: 4,
} as const;

/** Runs the tests of a file against a runtime with these limits and the given settings. */
export function useStrictRuntime(settings: Record<string, string> = {}): { runtime: () => LocalRuntime } {
  const variables = Object.entries(limits).map(([name, value]) => [name, String(value)]);
  return useRuntime({ settings: { ...Object.fromEntries(variables), ...settings } });
}
