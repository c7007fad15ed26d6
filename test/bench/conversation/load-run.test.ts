import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { runLoad } from './load-run.ts';
import { openSockets, type LoadSocket } from './load-sockets.ts';

/** How often each socket of the room receives a message, and after how many milliseconds. */
type Treatment = (number: number) => { times: number; afterMs?: number };

let server: WebSocketServer;
const sockets: LoadSocket[] = [];

afterEach(async () => {
  for (const { socket } of sockets.splice(0)) socket.terminate();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

/** Starts a server whose path names the room, and which forwards each message to all sockets of its room. */
async function serve(treat: Treatment): Promise<string> {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const rooms = new Map<string, Set<WebSocket>>();
  server.on('connection', (socket, { url = '' }) => {
    const room = rooms.get(url) ?? new Set();
    rooms.set(url, room.add(socket));
    socket.send(JSON.stringify({ type: 'room_users_list', users: [] }));
    socket.on('message', (data: Buffer) => {
      const { content } = JSON.parse(data.toString()) as { content: string };
      const [, number] = /^bench:[\d.]+:(\d+):/.exec(content)!;
      const { times, afterMs = 0 } = treat(Number(number));
      const frame = JSON.stringify({ type: 'chat_message', message: content });
      setTimeout(() => {
        for (const other of room) for (let time = 0; time < times; time += 1) other.send(frame);
      }, afterMs);
    });
  });
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const plans = ['a', 'a', 'b', 'b', 'b'].map((room) => ({ room, token: 'token' }));

async function load(treat: Treatment, drainSeconds = 0.3) {
  const webSocketUrl = await serve(treat);
  const opened = await openSockets(
    {
      kind: 'open',
      webSocketUrl,
      sockets: plans,
      welcome: 'room_users_list',
      tokenInQuery: false,
      concurrency: 2,
    },
    sockets,
  );
  expect(opened).toMatchObject({ opened: 5, failures: [] });
  return runLoad({ kind: 'run', messagesPerSecond: 100, seconds: 0.2, drainSeconds }, sockets);
}

describe('a load', () => {
  it('sends to each room in turn and expects each message on every socket of the room', async () => {
    const result = await load(() => ({ times: 1 }));
    expect(result).toMatchObject({
      sent: 20,
      expected: 10 * 2 + 10 * 3,
      received: 50,
      repeated: 0,
      errors: 0,
    });
  });

  it('counts fewer arrivals than expected when a message is lost', async () => {
    // Rooms take turns: the odd ones go to the room of three.
    const result = await load((number) => ({ times: number === 3 ? 0 : 1 }));
    expect(result).toMatchObject({ expected: 50, received: 47, repeated: 0 });
  });

  it('counts repeated arrivals separately', async () => {
    const result = await load((number) => ({ times: number === 0 ? 2 : 1 }));
    expect(result).toMatchObject({ received: 50, repeated: 2 });
  });

  it('measures latency from when a message was due, and does not wait for arrivals', async () => {
    const startedAtMs = performance.now();
    const { latencies, received } = await load(() => ({ times: 1, afterMs: 300 }), 2);
    expect(received).toBe(50);
    expect(latencies.p50).toBeGreaterThanOrEqual(299);
    // One after the other, twenty would take six seconds.
    expect(performance.now() - startedAtMs).toBeLessThan(4_000);
  });

  it('counts closed sockets as errors', async () => {
    const running = load(() => ({ times: 1 }));
    await expect.poll(() => server.clients.size).toBe(5);
    setTimeout(() => [...server.clients][0]!.terminate(), 100);
    expect((await running).errors).toBeGreaterThanOrEqual(1);
  });
});
