/** A local run of the project whose functions are listened to by a database audit, and ways to use it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startEngine } from '../../local/engine/engine.ts';
import { createLog } from '../../local/log.ts';
import { startLocal } from '../../local/start.ts';
import { projectApp } from '../../local/template/app-source.ts';
import { auditDatabase, type Access } from './database-audit.ts';

export const patience = { timeout: 15_000 };

export interface Socket {
  send(command: object): void;
  /** Waits until an event of that type has come. */
  heard(type: string): Promise<void>;
  closed: Promise<unknown>;
}

export interface AuditedRuntime {
  accesses: readonly Access[];
  tableName: string;
  /** The database itself, past the audit. */
  database: DynamoDBDocumentClient;
  /** The parsed body of the answer; rejects for an error. */
  call: (method: string, path: string, token?: string, body?: unknown) => Promise<any>;
  open: (path: string, token?: string) => Socket;
  stop(): Promise<void>;
}

export async function startAudited(): Promise<AuditedRuntime> {
  const directory = await mkdtemp(join(tmpdir(), 'roles-test-'));
  const log = createLog('silent');
  const engine = await startEngine({
    dataDirectory: join(directory, 'engine'),
    fresh: true,
    consumedUpTo: new Map(),
    log,
    environment: {},
  });
  const audit = await auditDatabase(engine.endpoint);
  const runtime = await startLocal({
    dataDirectory: join(directory, 'runtime'),
    log,
    environment: { DYNAMODB_ENDPOINT: audit.endpoint, BCRYPT_COST: '4' },
    app: { ...projectApp, appModule: new URL('app-with-names.ts', import.meta.url) },
  });
  const database = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: engine.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
  );
  return {
    accesses: audit.accesses,
    tableName: runtime.stack.table.tableName,
    database,
    call: (...request) => call(runtime.url, ...request),
    open: (path, token) => open(runtime.webSocketUrl + path, token),
    async stop() {
      database.destroy();
      await runtime.stop();
      await audit.close();
      await engine.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function call(url: string, method: string, path: string, token?: string, body?: unknown): Promise<any> {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

function open(url: string, token: string | undefined): Socket {
  const socket = new WebSocket(
    url,
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  );
  const types: string[] = [];
  socket.on('message', (data) => types.push(JSON.parse((data as Buffer).toString()).type));
  return {
    send: (command) => socket.send(JSON.stringify(command)),
    heard: (type) => vi.waitFor(() => expect(types).toContain(type), patience),
    closed: new Promise((resolve, reject) => socket.on('close', resolve).on('error', reject)),
  };
}
