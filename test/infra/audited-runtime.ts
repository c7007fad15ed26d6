/**
 * A local runtime of the kit that records every call of its functions to AWS. Its sockets differ from the kit's: they are
 * used before they are open, and may be refused.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { functionNames, type FunctionName } from '../../infra/functions.ts';
import type { LocalRuntime } from '../../local/start.ts';
import type { AwsCall, Statement, Verdict } from '../../local/permissions/policy.mjs';
import { request } from '../kit/request.ts';
import { startTestRuntime } from '../kit/runtime.ts';

export const patience = { timeout: 15_000 };

/** More sockets than a test opens for one user, unless it is about the limit. */
export const connectionsPerUser = 8;

export interface Socket {
  send(command: object): void;
  /** Waits for that many events of a type and returns the last of them. */
  received(type: string, times?: number): Promise<any>;
  closed: Promise<unknown>;
  close(): void;
}

export interface JudgedCall extends AwsCall {
  name: FunctionName;
  verdict: Verdict;
}

export interface AuditedRuntime {
  calls: readonly JudgedCall[];
  /** Adds a call that was allowed and that the function had others make. */
  recordCall: (name: FunctionName, call: AwsCall) => void;
  /** Returns the statements of a function's role. */
  statementsOf(name: FunctionName): Statement[];
  tableName: string;
  /** The runtime itself. */
  local: LocalRuntime;
  /** The database, with all permissions. */
  database: DynamoDBDocumentClient;
  /** Invokes a function as a schedule or another function does, and waits for it; rejects when it fails. */
  invoke: (name: FunctionName, event?: unknown) => Promise<void>;
  /** Returns the parsed body of the response; rejects for an error status. */
  call: (method: string, path: string, token?: string, body?: unknown) => Promise<any>;
  open: (path: string, token?: string) => Socket;
  stop(): Promise<void>;
}

/** Starts a runtime with the settings of the tests; `settings` replaces some of them, by the names of their variables. */
export async function startAudited(settings: Record<string, string> = {}): Promise<AuditedRuntime> {
  const calls: JudgedCall[] = [];
  const started = await startTestRuntime({
    // The other tests turn this limit off; a refused connection uses rights of its own.
    settings: {
      DYNAMODB_ENDPOINT: undefined,
      CONNECTIONS_PER_USER: String(connectionsPerUser),
      ...settings,
    },
    onAwsCall: (id, call, verdict) => calls.push({ name: nameOf(id), verdict, ...call }),
  });
  const { runtime } = started;
  const { endpoint, credentials } = runtime.engine;
  const database = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint, credentials, region: 'us-east-1' }),
  );
  return {
    calls,
    recordCall: (name, call) => void calls.push({ name, verdict: 'allowed', ...call }),
    statementsOf: (name) =>
      runtime.stack.functions.find(({ logicalId }) => nameOf(logicalId) === name)!.role.statements,
    tableName: runtime.stack.table.tableName,
    local: runtime,
    async invoke(name, event = {}) {
      const { logicalId } = runtime.stack.functions.find((one) => nameOf(one.logicalId) === name)!;
      const result = await runtime.host.invoke(logicalId, event);
      if (!result.ok) throw new Error(`${name} failed: ${result.errorMessage}`);
    },
    database,
    call: (...request) => call(runtime.url, ...request),
    open: (path, token) => open(runtime.webSocketUrl + path, token),
    async stop() {
      database.destroy();
      await started.stop();
    },
  };
}

const nameOf = (logicalId: string): FunctionName =>
  functionNames.find((name) => logicalId.startsWith(`${name}Function`))!;

async function call(url: string, method: string, path: string, token?: string, body?: unknown): Promise<any> {
  const answer = await request(url + path, method, { token, body });
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

function open(url: string, token: string | undefined): Socket {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const socket = new WebSocket(url, { headers });
  const events: any[] = [];
  socket.on('message', (data) => events.push(JSON.parse((data as Buffer).toString())));
  return {
    send: (command) => socket.send(JSON.stringify(command)),
    received: (expected, times = 1) =>
      vi.waitFor(() => {
        const found = events.filter(({ type }) => type === expected);
        if (found.length < times) throw new Error(`No ${expected} among ${JSON.stringify(events)}`);
        return found.at(-1);
      }, patience),
    closed: new Promise((resolve, reject) => socket.on('close', resolve).on('error', reject)),
    close: () => socket.close(),
  };
}
