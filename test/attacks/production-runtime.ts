/**
 * A local runtime with the limits of the production stage, for attacks: what they are stopped by is what would stop
 * them once deployed. Each file of tests starts one of its own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { stageSettings, variablesFor } from '../../infra/stages.ts';
import { createLog } from '../../local/log.ts';
import { startLocal, type LocalOptions, type LocalRuntime } from '../../local/start.ts';
import { useDeployment } from '../e2e/api.ts';

/**
 * Differs from production only where the tests could not be run otherwise: all users of a test register from one
 * address, passwords are hashed at the lowest cost, and browsers are not needed, so any origin may open sockets.
 */
const allowances = {
  BCRYPT_COST: '4',
  REGISTRATIONS_PER_ADDRESS_PER_HOUR: '1000000',
  ALLOWED_ORIGINS: '*',
} as const;

/**
 * For attacks that are not about rates: a test does in a second what its user may do in a minute, so what is tried could
 * not be told apart from what was refused.
 */
export const withoutBudgets = {
  MESSAGES_PER_10_SECONDS: '1000000',
  MICRO_DOLLARS_PER_USER_PER_MINUTE: '1000000000',
  ARRIVALS_PER_10_SECONDS: '1000000',
} as const;

/** Started before the tests of the file, with the switchboard of faults, and stopped after them. */
export function useProductionRuntime(
  settings: Record<string, string> = {},
  options: Pick<LocalOptions, 'onAwsCall' | 'limits'> = {},
): { runtime: () => LocalRuntime } {
  let runtime: LocalRuntime | undefined;
  let dataDirectory: string;
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'chat-attacks-'));
    runtime = await startLocal({
      ...options,
      port: 0,
      dataDirectory,
      fresh: true,
      faults: true,
      log: createLog('silent'),
      environment: { ...process.env, ...variablesFor(stageSettings('prod')), ...allowances, ...settings },
    });
    useDeployment(runtime.url);
  });
  afterAll(async () => {
    await runtime?.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  });
  return { runtime: () => runtime! };
}
