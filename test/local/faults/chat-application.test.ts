import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import { eventually } from '../../kit/eventually.ts';
import { testSettings } from '../../kit/test-settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'chat-faults-'));
let runtime: LocalRuntime;
let access: string;
let roomId: string;

beforeAll(async () => {
  runtime = await startLocal({
    dataDirectory: directory,
    log: createLog('silent'),
    environment: { ...process.env, ...testSettings, DYNAMODB_ENDPOINT: undefined },
    faults: true,
  });
  const user = { username: 'ann', password: 'lantern-orbit-42' };
  await call('POST', '/users/auth/register/', user);
  ({ access } = (await call('POST', '/users/auth/login/', user)).body);
  ({ room_id: roomId } = (await call('POST', '/chat/rooms/create/', { room_name: 'faults' })).body);
});
afterEach(() => faults('DELETE'));
afterAll(async () => {
  await runtime.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: object): Promise<{ status: number; body: any }> {
  const response = await fetch(runtime.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(access && { authorization: `Bearer ${access}` }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const faults = (method: string, body?: object) => call(method, '/_local/faults', body);
const rules = async (): Promise<any[]> => (await faults('GET')).body.rules;

async function open(): Promise<{ webSocket: WebSocket; events: any[] }> {
  const webSocket = new WebSocket(`${runtime.webSocketUrl}/ws/chat/faults/?token=${access}`);
  const events: any[] = [];
  webSocket.on('message', (data: Buffer) => events.push(JSON.parse(data.toString())));
  await once(webSocket, 'open');
  await eventually(() => expect(events.map(({ type }) => type)).toContain('history_end'));
  return { webSocket, events };
}

const storedUnder = async (clientId: string): Promise<any[]> => {
  const { body } = await call('GET', `/chat/rooms/${roomId}/messages/?limit=100`);
  return body.filter((message: any) => message.client_id === clientId);
};

describe('the chat application', () => {
  it('stores a message once even when its function is killed at any database call', async () => {
    const { webSocket, events } = await open();
    const send = (message: string, clientId: string): void =>
      webSocket.send(JSON.stringify({ message, client_id: clientId }));
    const isAcknowledged = (clientId: string): boolean =>
      events.some(({ type, client_id: id }) => type === 'ack' && id === clientId);

    await faults('POST', {
      point: 'database',
      action: 'fail',
      probability: 0,
      match: { function: 'message' },
    });
    send('counted', 'counted');
    await eventually(() => expect(isAcknowledged('counted')).toBe(true));
    const [{ matched: calls }] = await rules();
    expect(calls).toBeGreaterThan(2);

    for (const phase of ['before', 'after']) {
      for (let nth = 1; nth <= calls; nth += 1) {
        const clientId = `killed-${phase}-${nth}`;
        await faults('DELETE');
        const match = { function: 'message', phase, nth };
        await faults('POST', { point: 'database', action: 'kill', count: 1, match });
        send('once', clientId);
        await eventually(async () => expect(await rules()).toMatchObject([{ fired: 1 }]));
        await eventually(() =>
          expect(events.filter(({ message }) => message === 'Internal server error')).toHaveLength(1),
        );
        events.splice(0);
        send('once', clientId);
        await eventually(() => expect(isAcknowledged(clientId)).toBe(true));
        expect(await storedUnder(clientId)).toHaveLength(1);
      }
    }
    webSocket.terminate();
  });

  it('sends a message to the other sockets when the post to one of them fails', async () => {
    const [ann, carl, bob] = await Promise.all([open(), open(), open()]);
    await faults('POST', {
      point: 'connections',
      action: 'fail',
      status: 410,
      match: { contains: 'to all', function: 'message' },
      count: 1,
    });
    ann.webSocket.send(JSON.stringify({ message: 'to all' }));
    const receiverCount = () =>
      [ann, carl, bob].filter(({ events }) => events.some(({ message }) => message === 'to all')).length;
    await eventually(() => expect(receiverCount()).toBe(2));
    for (const { webSocket } of [ann, carl, bob]) webSocket.terminate();
  });
});
