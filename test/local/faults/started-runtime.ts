/**
 * Runs a fixture's functions in place of the project's for the tests of one file, and sends requests to them and to the
 * faults API.
 */

import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { LocalRuntime } from '../../../local/start.ts';
import { startTestRuntime, type TestRuntime, type TestRuntimeOptions } from '../../kit/runtime.ts';
import { unchangedFixtureApp } from '../start/fixture/bundles.ts';

export type Json = any;

/** A client's socket with the frames it has received. */
export interface Client {
  webSocket: WebSocket;
  connectionId: string;
  frames: string[];
  closed: Promise<number>;
}

/** Starts a runtime before the first test and stops it after the last; removes all rules after each test. */
export function useRuntime(options: TestRuntimeOptions = {}) {
  const { app, environment } = unchangedFixtureApp(join(import.meta.dirname, 'functions'));
  let started: TestRuntime | undefined;
  let runtime: LocalRuntime;
  beforeAll(async () => {
    started = await startTestRuntime({
      app,
      baseSettings: {},
      settings: environment,
      faults: true,
      ...options,
    });
    ({ runtime } = started);
  });
  afterEach(() => faults('DELETE'));
  afterAll(() => started?.stop());

  /** Sends a request to the faults API. */
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

  /** Adds rules; throws when they are rejected. */
  async function rule(...rules: object[]): Promise<void> {
    const answer = await faults('POST', rules);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }

  /** Calls the fixture's HTTP function. */
  async function api(action: string, body: object = {}): Promise<{ status: number; body: Json }> {
    const response = await fetch(`${runtime.url}/api/${action}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** Returns the sort keys of the items with a partition key. */
  async function keysOf(pk: string): Promise<string[]> {
    const { body } = await api('list', { pk });
    return body.map((item: Json) => item.sk.S);
  }

  /** Returns what the fixture's stream function received for a partition key, in order. */
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
  /** Returns a partition key that no other test uses. */
  const fresh = (): string => `key-${(names += 1)}`;

  return { faults, rule, api, keysOf, seenOf, open, fresh, runtime: () => runtime };
}
