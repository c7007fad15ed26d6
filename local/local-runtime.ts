/** The options of a local run, and its interface while it runs. */

import type { Engine } from './engine/engine.ts';
import type { FunctionHost, FunctionHostOptions } from './functions/function-host.ts';
import type { Gateway, GatewayLimits } from './gateway/gateway.ts';
import type { Log } from './log.ts';
import type { LocalMetrics } from './metrics/local-metrics.ts';
import type { Buckets } from './services/buckets.ts';
import type { Queues } from './services/queues.ts';
import type { LocalStack } from './stack.ts';
import type { ExpiredItemsOptions } from './streams/expired-items.ts';
import type { AppSource } from './template/app-source.ts';

export interface LocalOptions {
  /** 0, the default, for any free port. */
  port?: number;
  /** The folder for data; `.data` in the project by default. */
  dataDirectory?: string;
  /** Deletes the data of earlier runs first. */
  fresh?: boolean;
  /** Rebuilds and reloads the functions when a source file changes. */
  watch?: boolean;
  log?: Log;
  /** The variables for the CDK app and DYNAMODB_ENDPOINT; those of this process by default. */
  environment?: NodeJS.ProcessEnv;
  app?: AppSource;
  limits?: Partial<GatewayLimits>;
  /** Serves the faults API, with this random seed; with a fixed one when true. */
  faults?: boolean | number | string;
  /**
   * With `faults`, lets functions call the database directly, and refuses rules for it. Passing every call
   * through the proxy takes about a third of the main thread's time.
   */
  withoutDatabaseFaults?: boolean;
  /** Called for every AWS call that a function makes, with the verdict of its role. */
  onAwsCall?: NonNullable<FunctionHostOptions['onAwsCall']>;
  /**
   * Starts the first environment of a function when it is first invoked; otherwise all start with the runtime, which then
   * refuses a bundle that does not load.
   */
  startsFunctionsOnDemand?: boolean;
  /** The folder for the compiled code of bundles; `code-cache` in the folder for data by default. */
  codeCache?: string;
  /** Replaces the template's maximum age of stream records, which is a minute at least: a test need not wait for it. */
  maximumRecordAgeSeconds?: number;
  /**
   * Called when an invocation has answered and some of its work was still running, with the logical id of the function and
   * the names of the active resources. Only environments that a rule freezes are examined.
   */
  onLeftWork?: NonNullable<FunctionHostOptions['onLeftWork']>;
  /** How expired items are deleted. */
  expiry?: Pick<ExpiredItemsOptions, 'sweepIntervalMs' | 'graceSeconds'>;
}

export interface LocalRuntime {
  url: string;
  webSocketUrl: string;
  stack: LocalStack;
  engine: Engine;
  host: FunctionHost;
  gateway: Gateway;
  queues: Queues;
  metrics: LocalMetrics;
  buckets: Buckets;
  /** The time from the start until each part was ready, in milliseconds. */
  timings: Record<string, number>;
  /** Settles with the reason when the runtime cannot continue. */
  failed: Promise<string>;
  stop(): Promise<void>;
}
