import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openSocket, send, signed, type SocketClient } from './clients.ts';
import { startGateway } from './started-gateway.ts';

/** Sends the parts as the frames of one message. */
function sendFrames({ webSocket }: SocketClient, parts: string[]): void {
  for (const [at, part] of parts.entries()) webSocket.send(part, { fin: at === parts.length - 1 });
}
const kilobytes = (count: number): string => 'x'.repeat(count * 1024);

const activeFor = async (active: () => unknown): Promise<void> => {
  for (let times = 0; times < 10; times += 1) {
    await active();
    await wait(80);
  }
};

describe('the size of what a client sends', () => {
  it('may be 32 KB in a frame, and 128 KB in a message of several frames', async () => {
    const { ws, called } = await startGateway();
    const client = await openSocket(`${ws}/local`);
    client.send(kilobytes(32));
    expect((await called('$default')).body).toBe(kilobytes(32));
    sendFrames(client, [kilobytes(32), kilobytes(32), kilobytes(32), kilobytes(32)]);
    expect((await called('$default', 2)).body).toBe(kilobytes(128));
  });

  it.each([
    ['a frame is over 32 KB', [`${kilobytes(32)}x`]],
    ['a later frame is over 32 KB', ['x', `${kilobytes(32)}x`]],
    ['a message is over 128 KB', [kilobytes(32), kilobytes(32), kilobytes(32), kilobytes(32), 'x']],
  ])('closes the socket with 1009 when %s, and reaches no function', async (_what, frames) => {
    const { ws, called, calls } = await startGateway();
    const client = await openSocket(`${ws}/local`);
    sendFrames(client, frames);
    expect(await client.closed).toMatchObject({ code: 1009 });
    expect((await called('$disconnect')).requestContext).toMatchObject({ disconnectStatusCode: 1009 });
    expect(calls.map(({ functionId }) => functionId)).toEqual(['$connect', '$disconnect']);
  });

  it('counts each of many small frames for itself', async () => {
    const { ws, called } = await startGateway();
    const client = await openSocket(`${ws}/local`);
    for (let sent = 0; sent < 200; sent += 1) client.send('x'.repeat(sent * 7));
    expect((await called('$default', 200)).body).toHaveLength(199 * 7);
  });
});

it('closes the socket with 1003 when a client sends binary', async () => {
  const { ws, called, calls } = await startGateway();
  const client = await openSocket(`${ws}/local`);
  client.webSocket.send(Buffer.from([1, 2, 3]));
  expect(await client.closed).toMatchObject({ code: 1003 });
  expect((await called('$disconnect')).requestContext).toMatchObject({ disconnectStatusCode: 1003 });
  expect(calls.some(({ functionId }) => functionId === '$default')).toBe(false);
});

describe('the time that a socket may be idle', () => {
  // 600 seconds become 400 milliseconds.
  const limits = { scale: 1500, maximumConnectionSeconds: 1_000_000 };
  const toRoot = `function handler(event) { event.request.uri = '/'; return event.request; }`;

  it('is ten minutes, then it is closed with 1001 Going away, and $disconnect is told', async () => {
    const { ws, called } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    expect((await called('$disconnect')).requestContext).toMatchObject({
      disconnectStatusCode: 1001,
      disconnectReason: 'Going away',
    });
  });

  it('starts again with each message of the client', async () => {
    const { ws } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    await activeFor(() => client.send('hello'));
    expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
  });

  it('starts again with each post to the client', async () => {
    const { ws, called, port } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    const { connectionId } = (await called('$connect')).requestContext;
    const path = `/local/@connections/${encodeURIComponent(connectionId)}`;
    await activeFor(() => send(port, path, { method: 'POST', headers: signed, body: 'x' }));
    expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
  });

  it('does not start again with a ping frame of the client, which is answered all the same', async () => {
    const { ws } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    let pongs = 0;
    client.webSocket.on('pong', () => (pongs += 1));
    const pinging = setInterval(() => client.webSocket.ping(), 80);
    expect(await client.closed).toMatchObject({ code: 1001 });
    clearInterval(pinging);
    expect(pongs).toBeGreaterThan(0);
  });

  it('starts again with a ping frame when the gateway is told so', async () => {
    const { ws } = await startGateway({ limits: { ...limits, pingResetsIdle: true } });
    const client = await openSocket(`${ws}/local`);
    await activeFor(() => client.webSocket.ping());
    expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
  });

  it('is not lengthened by pings of the gateway, which sends none', async () => {
    const { ws } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    let pings = 0;
    client.webSocket.on('ping', () => (pings += 1));
    await client.closed;
    expect(pings).toBe(0);
  });

  it('is also counted by the edge, which cuts a socket to which nothing was sent', async () => {
    const edge = [
      { pathPattern: '*', origin: 'websocket' as const, originPath: '/local', viewerRequest: toRoot },
    ];
    const { ws, called } = await startGateway({ limits, edge });
    const client = await openSocket(`${ws}/chat`);
    const talking = setInterval(() => client.send('hello'), 80);
    expect(await client.closed).toMatchObject({ code: 1006 });
    clearInterval(talking);
    expect((await called('$disconnect')).requestContext).toMatchObject({ disconnectStatusCode: 1006 });
  });
});

it('a socket lives two hours at most, however busy it is', async () => {
  // 7,200 seconds become 300 milliseconds.
  const { ws } = await startGateway({ limits: { scale: 24_000, idleSeconds: 1_000_000 } });
  const client = await openSocket(`${ws}/local`);
  const talking = setInterval(() => client.send('hello'), 50);
  expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
  clearInterval(talking);
});

describe('$disconnect', () => {
  it.each([
    ['1000 when the client closes with it', 1000, '', (client: SocketClient) => client.webSocket.close(1000)],
    [
      '1005 when the client closes without a code',
      1005,
      'Client-side close frame status not set',
      (client: SocketClient) => client.webSocket.close(),
    ],
    ['1006 when the client is cut off', 1006, '', (client: SocketClient) => client.webSocket.terminate()],
  ])('is told %s', async (_what, disconnectStatusCode, disconnectReason, leave) => {
    const { ws, called, gateway } = await startGateway();
    const client = await openSocket(`${ws}/local`);
    leave(client);
    const event = await called('$disconnect');
    expect(event.requestContext).toMatchObject({ disconnectStatusCode, disconnectReason });
    expect(gateway.connectionCount()).toBe(0);
  });

  it('is called once for a socket, and its failure disturbs nobody', async () => {
    const { ws, called, calls } = await startGateway({
      functions: { $disconnect: () => Promise.reject(new Error('no')) },
    });
    const client = await openSocket(`${ws}/local`);
    client.webSocket.close(1000);
    await client.closed;
    await called('$disconnect');
    await openSocket(`${ws}/local`);
    expect(calls.filter(({ functionId }) => functionId === '$disconnect')).toHaveLength(1);
  });
});
