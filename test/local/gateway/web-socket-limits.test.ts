import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openSocket, send, signed, type SocketClient } from './clients.ts';
import { startGateway } from './started-gateway.ts';

/** Sends the parts as the frames of one message. */
function sendFrames({ webSocket }: SocketClient, parts: string[]): void {
  for (const [index, part] of parts.entries()) webSocket.send(part, { fin: index === parts.length - 1 });
}
const kilobytes = (count: number): string => 'x'.repeat(count * 1024);

const activeFor = async (active: () => unknown): Promise<void> => {
  for (let times = 0; times < 10; times += 1) {
    await active();
    await wait(80);
  }
};

describe('the size limit of client messages', () => {
  it('allows 32 KB in a frame, and 128 KB in a message of several frames', async () => {
    const { ws, called } = await startGateway();
    const client = await openSocket(`${ws}/local`);
    client.send(kilobytes(32));
    expect((await called('$default')).body).toBe(kilobytes(32));
    sendFrames(client, [kilobytes(32), kilobytes(32), kilobytes(32), kilobytes(32)]);
    expect((await called('$default', 2)).body).toBe(kilobytes(128));
  });

  it.each([
    ['a frame is larger than 32 KB', [`${kilobytes(32)}x`]],
    ['a later frame is larger than 32 KB', ['x', `${kilobytes(32)}x`]],
    ['a message is larger than 128 KB', [kilobytes(32), kilobytes(32), kilobytes(32), kilobytes(32), 'x']],
  ])('closes the socket with 1009 and calls no function when %s', async (_what, frames) => {
    const { ws, called, calls } = await startGateway();
    const client = await openSocket(`${ws}/local`);
    sendFrames(client, frames);
    expect(await client.closed).toMatchObject({ code: 1009 });
    expect((await called('$disconnect')).requestContext).toMatchObject({ disconnectStatusCode: 1009 });
    expect(calls.map(({ functionId }) => functionId)).toEqual(['$connect', '$disconnect']);
  });

  it('counts each of many small frames separately', async () => {
    const { ws, called } = await startGateway();
    const client = await openSocket(`${ws}/local`);
    for (let sent = 0; sent < 200; sent += 1) client.send('x'.repeat(sent * 7));
    expect((await called('$default', 200)).body).toHaveLength(199 * 7);
  });
});

it('the gateway closes the socket with 1003 when a client sends binary', async () => {
  const { ws, called, calls } = await startGateway();
  const client = await openSocket(`${ws}/local`);
  client.webSocket.send(Buffer.from([1, 2, 3]));
  expect(await client.closed).toMatchObject({ code: 1003 });
  expect((await called('$disconnect')).requestContext).toMatchObject({ disconnectStatusCode: 1003 });
  expect(calls.some(({ functionId }) => functionId === '$default')).toBe(false);
});

describe('the idle timeout of a socket', () => {
  // 600 seconds become 400 milliseconds.
  const limits = { scale: 1500, maxConnectionSeconds: 1_000_000 };
  const toRoot = `function handler(event) { event.request.uri = '/'; return event.request; }`;

  it('closes it after ten minutes with 1001 Going away, and calls $disconnect with the same', async () => {
    const { ws, called } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    expect((await called('$disconnect')).requestContext).toMatchObject({
      disconnectStatusCode: 1001,
      disconnectReason: 'Going away',
    });
  });

  it('restarts with each message from the client', async () => {
    const { ws } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    await activeFor(() => client.send('hello'));
    expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
  });

  it('restarts with each post to the client', async () => {
    const { ws, called, port } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    const { connectionId } = (await called('$connect')).requestContext;
    const path = `/local/@connections/${encodeURIComponent(connectionId)}`;
    await activeFor(() => send(port, path, { method: 'POST', headers: signed, body: 'x' }));
    expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
  });

  it('does not restart with a ping frame from the client, which is still answered', async () => {
    const { ws } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    let pongs = 0;
    client.webSocket.on('pong', () => (pongs += 1));
    const pinging = setInterval(() => client.webSocket.ping(), 80);
    expect(await client.closed).toMatchObject({ code: 1001 });
    clearInterval(pinging);
    expect(pongs).toBeGreaterThan(0);
  });

  it('restarts with a ping frame when pingResetsIdle is set', async () => {
    const { ws } = await startGateway({ limits: { ...limits, pingResetsIdle: true } });
    const client = await openSocket(`${ws}/local`);
    await activeFor(() => client.webSocket.ping());
    expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
  });

  it('is not extended by pings from the gateway, which sends none', async () => {
    const { ws } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    let pings = 0;
    client.webSocket.on('ping', () => (pings += 1));
    await client.closed;
    expect(pings).toBe(0);
  });

  it('also exists at the edge, which cuts a socket to which nothing was sent', async () => {
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

it('the gateway closes an active socket after two hours', async () => {
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
    [
      '1006 when the client drops the connection',
      1006,
      '',
      (client: SocketClient) => client.webSocket.terminate(),
    ],
  ])('receives %s', async (_what, disconnectStatusCode, disconnectReason, leave) => {
    const { ws, called, gateway } = await startGateway();
    const client = await openSocket(`${ws}/local`);
    leave(client);
    const event = await called('$disconnect');
    expect(event.requestContext).toMatchObject({ disconnectStatusCode, disconnectReason });
    expect(gateway.connectionCount()).toBe(0);
  });

  it('is called once per socket, and its failure does not affect the gateway', async () => {
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
