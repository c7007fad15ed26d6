/** A local runtime of its own for a file of tests, with limits low enough to run into. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import { testSettings } from '../../kit/test-settings.ts';
import { useDeployment } from '../api.ts';

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

/** Started before the tests of the file, with more settings, and stopped after them. */
export function useStrictRuntime(settings: Record<string, string> = {}): { runtime: () => LocalRuntime } {
  let runtime: LocalRuntime | undefined;
  let dataDirectory: string;
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'chat-limits-'));
    const numbers = Object.entries(limits).map(([name, value]) => [name, String(value)]);
    runtime = await startLocal({
      port: 0,
      dataDirectory,
      fresh: true,
      log: createLog('silent'),
      environment: {
        ...process.env,
        ...testSettings,
        ...(Object.fromEntries(numbers) as Record<string, string>),
        ...settings,
      },
    });
    useDeployment(runtime.url);
  });
  afterAll(async () => {
    await runtime?.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  });
  return { runtime: () => runtime! };
}
