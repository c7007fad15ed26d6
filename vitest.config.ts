import { defineConfig } from 'vitest/config';

/** On a machine that does other things as well, a wait may end too early once; never twice for the same reason. */
const retry = process.env['CI'] === undefined ? 0 : 1;

const environment = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'parts',
          retry,
          include: ['test/**/*.test.ts'],
          exclude: ['test/suites/**', 'test/faults/**', 'test/attacks/**'],
          env: environment,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { shuffle: true },
        },
      },
      {
        test: {
          name: 'suites',
          retry,
          include: ['test/suites/**/*.test.ts'],
          globalSetup: 'test/suites/deployment.ts',
          env: environment,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { shuffle: true },
        },
      },
      {
        test: {
          name: 'attacks',
          retry,
          include: ['test/attacks/**/*.test.ts'],
          env: environment,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { shuffle: true },
        },
      },
      {
        test: {
          name: 'model',
          retry,
          include: [
            'test/faults/model/*.test.ts',
            'test/faults/client-model/*.test.ts',
            'test/faults/*.test.ts',
          ],
          env: environment,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/promises/*.test.ts'],
          env: environment,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // After all others: runtimes that are broken on purpose want the machine for themselves. They mostly wait.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'broken',
          include: ['test/faults/broken/*.test.ts'],
          env: environment,
          // Whether a fault shows is a matter of chance here and there: it must within three runs.
          retry: 2,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
