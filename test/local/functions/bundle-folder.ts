/** Creates functions for tests: each has a bundle in its own folder, and a host runs them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionCredentials } from '../../../local/functions/function-credentials.ts';
import {
  createFunctionHost,
  type FunctionHost,
  type FunctionHostOptions,
} from '../../../local/functions/function-host.ts';
import type { InvocationResult } from '../../../local/functions/invocation.ts';
import { createLog } from '../../../local/log.ts';
import type { LambdaFunction } from '../../../local/stack.ts';

export interface BundleFolder {
  /** Writes a bundle and returns the definition of its function. */
  define(
    logicalId: string,
    source: string,
    settings?: Partial<LambdaFunction>,
    file?: string,
  ): LambdaFunction;
  /** Writes a bundle and returns its folder. */
  write(name: string, source: string, file?: string): string;
  host(
    functions: LambdaFunction[],
    options?: Pick<FunctionHostOptions, 'environmentsPerFunction' | 'codeCache'>,
  ): FunctionHost;
  /** Writes a bundle and invokes its function once. */
  run(
    source: string,
    event?: unknown,
    settings?: Partial<LambdaFunction>,
    file?: string,
  ): Promise<InvocationResult>;
  /** The lines that the functions and the host printed. */
  output: string[];
  remove(): Promise<void>;
}

/** Returns the value of a successful invocation; throws for a failed one. */
export function valueOf(result: InvocationResult): unknown {
  if (!result.ok) throw new Error(`${result.errorType}: ${result.errorMessage}`);
  return JSON.parse(result.payload);
}

/** Creates an empty folder for bundles. */
export function bundleFolder(): BundleFolder {
  const root = mkdtempSync(join(tmpdir(), 'bundles-'));
  const output: string[] = [];
  const hosts: FunctionHost[] = [];
  const write = (name: string, source: string, file = 'index.js'): string => {
    const directory = join(root, name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, file), source);
    return directory;
  };
  const folder: BundleFolder = {
    write,
    output,
    define: (logicalId, source, settings = {}, file) => ({
      logicalId,
      functionName: `name-of-${logicalId}`,
      codeDirectory: write(logicalId, source, file),
      handler: 'index.handler',
      timeoutSeconds: 5,
      logGroup: 'logs',
      memoryMb: 128,
      environment: {},
      role: { name: 'role', statements: [] },
      asyncInvocation: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 60 },
      ...settings,
    }),
    host(functions, hostOptions) {
      const host = createFunctionHost({
        functions,
        region: 'us-east-1',
        accountId: '000000000000',
        log: createLog(
          'normal',
          (line) => output.push(line),
          (line) => output.push(line),
        ),
        credentialsOf: (functionId) => functionCredentials(functionId),
        endpoints: {
          dynamodb: 'http://127.0.0.1:1',
          apiGatewayManagementApi: 'http://127.0.0.1:2/local',
          secretsManager: 'http://127.0.0.1:2/_aws/secretsmanager',
          lambda: 'http://127.0.0.1:2/_aws/lambda',
          sqs: 'http://127.0.0.1:2/_aws/sqs',
          s3: 'http://127.0.0.1:2/_aws/s3',
        },
        ...hostOptions,
      });
      hosts.push(host);
      return host;
    },
    async remove() {
      for (const host of hosts) await host.close();
      rmSync(root, { recursive: true, force: true });
    },
    run: (source, event = {}, settings = {}, file) =>
      folder.host([folder.define('F', source, settings, file)]).invoke('F', event),
  };
  return folder;
}
