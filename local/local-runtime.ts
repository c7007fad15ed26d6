/** What a local run can be told, and what it offers once it runs. */

import type { Engine } from './engine/engine.ts';
import type { FunctionHost, FunctionHostOptions } from './functions/function-host.ts';
import type { Gateway, GatewayLimits } from './gateway/gateway.ts';
import type { Log } from './log.ts';
import type { Queues } from './services/queues.ts';
import type { LocalStack } from './stack.ts';
import type { ExpiredItemsOptions } from './streams/expired-items.ts';
import type { AppSource } from './template/app-source.ts';

export interface LocalOptions {
  /** 0 for any free one. */
  port?: number;
  /** Where data is kept; `.data` of the project when absent. */
  dataDirectory?: string;
  /** Begin with no data. */
  fresh?: boolean;
  /** Run new bundles when a source changes. */
  watch?: boolean;
  log?: Log;
  /** Settings for the template and for DYNAMODB_ENDPOINT; this process's own when absent. */
  environment?: NodeJS.ProcessEnv;
  app?: AppSource;
  limits?: Partial<GatewayLimits>;
  /** Serves the faults API, with this random seed; with a fixed one when true. */
  faults?: boolean | number | string;
  /**
   * With `faults`, lets functions call the database directly, and refuses rules for it. Passing every call through the
   * proxy takes about a third of the main thread's time.
   */
  withoutDatabaseFaults?: boolean;
  /** Called for every AWS call that a function makes, with the verdict of its role. */
  onAwsCall?: NonNullable<FunctionHostOptions['onAwsCall']>;
  /** How items whose time has passed are deleted. */
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
  /** Milliseconds from the start until each part was there. */
  timings: Record<string, number>;
  /** Settles with the reason when the runtime can no longer do its work. */
  failed: Promise<string>;
  stop(): Promise<void>;
}
