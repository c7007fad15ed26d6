/** Runs the fixture's functions with the switchboard on, for the tests of one file, and speaks to both. */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalOptions, type LocalRuntime } from '../../../local/start.ts';
import { fixtureApp } from '../start/fixture/bundles.ts';

export type Json = any;

/** A socket of a client, with what it was sent so far. */
export interface Client {
  webSocket: WebSocket;
  connectionId: string;
  frames: string[];
  closed: Promise<number>;
}

/** Waits until the check holds; long enough for a machine that does much else. */
export const eventually = (check: () => unknown): Promise<unknown> =>
  vi.waitFor(check, { timeout: 15_000, interval: 20 });

/** A runtime from before the first test to after the last; rules end with each test. */
export function useRuntime(options: LocalOptions = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'faults-'));
  const { app, environment } = fixtureApp(directory, join(import.meta.dirname, 'functions'));
  let runtime: LocalRuntime;
  beforeAll(async () => {
    const dataDirectory = join(directory, 'data');
    runtime = await startLocal({
      app,
      environment,
      dataDirectory,
      log: createLog('silent'),
      faults: true,
      ...options,
    });
  });
  afterEach(() => faults('DELETE'));
  afterAll(async () => {
    await runtime.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** A request to the switchboard; gives the status and the body. */
  async function faults(
    method: string,
    body?: unknown,
    path = '',
  ): Promise<{ status: number; type: string | null; body: Json }> {
    const response = await fetch(`${runtime.url}/_local/faults${path}`, {
      method,
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  /** Puts rules in force; fails when they are refused. */
  async function rule(...rules: object[]): Promise<void> {
    const answer = await faults('POST', rules);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }

  /** One call of the fixture's HTTP function. */
  async function api(action: string, body: object = {}): Promise<{ status: number; body: Json }> {
    const response = await fetch(`${runtime.url}/api/${action}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** The sort keys of the items with that partition key. */
  async function keysOf(pk: string): Promise<string[]> {
    const { body } = await api('list', { pk });
    return body.map((item: Json) => item.sk.S);
  }

  /** What the fixture's stream function saw of that partition key, in its order. */
  async function seenOf(pk: string): Promise<string[]> {
    const { body } = await api('list', { pk: `seen ${pk}` });
    return (body[0]?.seen.L ?? []).map((entry: Json) => entry.S);
  }

  async function open(): Promise<Client> {
    const webSocket = new WebSocket(`${runtime.webSocketUrl}/local`);
    const frames: string[] = [];
    onTestFinished(() => webSocket.terminate());
    await once(webSocket, 'open');
    const closed = once(webSocket, 'close').then(([code]: number[]) => code!);
    webSocket.send('id');
    const [data] = (await once(webSocket, 'message')) as Buffer[];
    webSocket.on('message', (frame: Buffer) => frames.push(frame.toString()));
    return { webSocket, connectionId: data!.toString(), frames, closed };
  }

  let names = 0;
  /** A partition key that no other test uses. */
  const fresh = (): string => `key-${(names += 1)}`;

  return { faults, rule, api, keysOf, seenOf, open, fresh, runtime: () => runtime };
}
