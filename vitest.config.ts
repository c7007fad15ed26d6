/** The test projects: which files each runs, and how. */
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** On a machine that does other things as well, a wait may end too early once; never twice for the same reason. */
const retry = process.env['CI'] === undefined ? 0 : 1;

const environment = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** The files of one worker share its modules, which halves the processor time: modules of tests keep no state. */
const sharedModules = { pool: 'threads', isolate: false, restoreMocks: true } as const;

/** Tests without a database engine, a child process or a synthesized template. */
const unit = [
  'test/client/**/*.test.ts',
  'test/functions/{accounts,chat,cleanup,message,table-stream}/**/*.test.ts',
  'test/shared/{contract,domain,lambda,metrics,realtime}/**/*.test.ts',
];

/** Rehearsals of operators' work, of whole processes and of failures that last, and trials of the package. */
const operations = [
  'test/tools/operate/{commands,first-hour,migrate,restore,smoke}.test.ts',
  'test/tools/{keys/*,redrive/redrive}.test.ts',
  'test/functions/canary/*.test.ts',
  'test/package/*.test.ts',
  'test/bench/purge/measure-welcomes.test.ts',
  'test/local/start/processes.test.ts',
  'test/local/metrics/chat-alarms.test.ts',
  'test/local/faults/{account-erasure,chat-application,frozen-chat}.test.ts',
];

/**
 * Files that take long and follow few changes: matrices of bad input, every fault of the local runtime, checks of every
 * stage's template, and further browser tests, models and scenarios of failures. Each list is a project of its own, which
 * `.ci/run` runs and `npm test` does not.
 */
const more = {
  integration: [
    'test/bench/{inbox/unwatched,search/measure-search}.test.ts',
    'test/functions/uploads/images/rewrite-image.test.ts',
    'test/infra/{checks,every-option-in-use,operator-settings,roles-in-use}.test.ts',
    'test/kit/memory-table/random-agreement.test.ts',
    'test/local/faults/{connections-point,database-point,invocation-points,silent-sockets}.test.ts',
    'test/local/start/start.test.ts',
    'test/local/streams/expired-items.test.ts',
    'test/shared/storage/unread-store.test.ts',
    'test/site/{requests-file,snippets}.test.ts',
    'test/tools/{debug,examples-and-sample-data,package-program}.test.ts',
    'test/tools/{operate/migrate-command,sample/create-sample}.test.ts',
  ],
  e2e: [
    'test/e2e/{access,fuzz,limits}/*.test.ts',
    'test/e2e/files/{refused,without-edge}.test.ts',
    'test/e2e/client/{conversation,interruptions,room-identity,room-list}.test.ts',
    'test/e2e/http/{bad-bodies,bad-ids,delete-account,export,paths,private-rooms,rows,unknown-fields}.test.ts',
    'test/e2e/http/{ids-in-logs,secret-markers-in-logs,secrets-in-logs}.test.ts',
    'test/e2e/websocket/{bad-frames,inbox,many-rooms,predecessor-clients,reading,removal}.test.ts',
  ],
  browser: [
    'test/browser/{client,conversation,long-room,on-demand,other-origin}.test.ts',
    'test/browser/{page-writing,profile-picture,search,shown-files,tabs,unread,uploads,views}.test.ts',
  ],
  model: [
    'test/chaos/client-model/client-model.test.ts',
    'test/chaos/files-model/files-defects.test.ts',
    'test/chaos/model/unread.test.ts',
  ],
  chaos: [
    'test/chaos/promises/{delivery,expiring-tokens,failing-sockets,files,order,planned-reconnects}.test.ts',
    'test/chaos/promises/{presence,reconnect-storm,removal,resuming,searching}.test.ts',
  ],
};

type ProjectOptions = NonNullable<TestProjectInlineConfiguration['test']>;

/** Returns the project with that name, and the one whose name ends in `-more`. */
function parts(name: keyof typeof more, options: ProjectOptions): TestProjectInlineConfiguration[] {
  return [
    { test: { ...options, name, exclude: [...(options.exclude ?? []), ...more[name]] } },
    { test: { ...options, name: `${name}-more`, include: more[name] } },
  ];
}

export default defineConfig({
  test: {
    globalSetup: 'test/kit/builds-folder.ts',
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          retry,
          include: unit,
          env: environment,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { shuffle: true },
          ...sharedModules,
        },
      },
      {
        test: {
          name: 'react',
          retry,
          include: ['test/client/react/**/*.test.tsx'],
          // A document of its own for each file, which the modules of React keep.
          environment: 'happy-dom',
          restoreMocks: true,
          env: environment,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { shuffle: true },
        },
      },
      ...parts('integration', {
        retry,
        include: ['test/**/*.test.ts'],
        exclude: [
          ...unit,
          ...operations,
          'test/e2e/**',
          'test/browser/**',
          'test/chaos/**',
          'test/mutants/**',
          'test/attacks/**',
        ],
        ...sharedModules,
        // Many of its files wait for processes and runtimes that they have started.
        maxWorkers: 3,
        env: environment,
        testTimeout: 20_000,
        hookTimeout: 60_000,
        // Projects with different numbers of workers cannot run at the same time.
        sequence: { shuffle: true, groupOrder: 3 },
      }),
      {
        test: {
          name: 'operations',
          retry,
          include: operations,
          ...sharedModules,
          maxWorkers: 3,
          env: environment,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { shuffle: true, groupOrder: 3 },
        },
      },
      ...parts('e2e', {
        retry,
        include: ['test/e2e/**/*.test.ts'],
        ...sharedModules,
        globalSetup: 'test/e2e/deployment.ts',
        env: environment,
        testTimeout: 20_000,
        hookTimeout: 60_000,
        sequence: { shuffle: true },
      }),
      ...parts('browser', {
        retry,
        include: ['test/browser/**/*.test.ts'],
        env: environment,
        testTimeout: 30_000,
        hookTimeout: 60_000,
        sequence: { shuffle: true },
      }),
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
      ...parts('model', {
        retry,
        include: ['test/chaos/{,model/,client-model/,files-model/}*.test.ts'],
        env: environment,
        testTimeout: 120_000,
        hookTimeout: 60_000,
      }),
      ...parts('chaos', {
        include: ['test/chaos/promises/*.test.ts'],
        ...sharedModules,
        env: environment,
        testTimeout: 120_000,
        hookTimeout: 60_000,
        // After all others: runtimes that are broken on purpose want the machine for themselves. They mostly wait.
        maxWorkers: 4,
        sequence: { groupOrder: 1 },
      }),
      {
        test: {
          name: 'mutants',
          include: ['test/mutants/*.test.ts'],
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
