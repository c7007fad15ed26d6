/** A local runtime with the limits of the production stage: what stops an attack here also stops it once deployed. */
import { stageSettings, variablesFor } from '../../infra/stages.ts';
import type { LocalOptions, LocalRuntime } from '../../local/start.ts';
import { useRuntime } from '../kit/use-runtime.ts';

/**
 * The settings that must differ from production: all users of a test register from one address, hashing passwords at
 * full cost would take too long, and the sockets of the tests send no Origin header that production allows.
 */
const allowances = {
  BCRYPT_COST: '4',
  REGISTRATIONS_PER_ADDRESS_PER_HOUR: '1000000',
  ALLOWED_ORIGINS: '*',
} as const;

/**
 * Removes the limits on rates, for attacks that are not about rates: a test sends in a second what a user may send in a
 * minute, so those limits would hide the refusal that the test is about.
 */
export const withoutBudgets = {
  MESSAGES_PER_10_SECONDS: '1000000',
  MICRO_DOLLARS_PER_USER_PER_MINUTE: '1000000000',
  ARRIVALS_PER_10_SECONDS: '1000000',
} as const;

/** Runs the tests of a file against a runtime with production limits, the given settings and the faults API. */
export const useProductionRuntime = (
  settings: Record<string, string> = {},
  options: Pick<LocalOptions, 'onAwsCall' | 'limits'> = {},
): { runtime: () => LocalRuntime } =>
  useRuntime({
    ...options,
    faults: true,
    baseSettings: variablesFor(stageSettings('prod')),
    settings: { ...allowances, ...settings },
  });
