import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { exchange, openSocket, refusedHandshake, send } from './clients.ts';
import { createGate } from './gate.ts';
import { allWebSocketRoutes, NotJson, startGateway } from './started-gateway.ts';

describe('the handshake', () => {
  it('stays pending until $connect has finished', async () => {
    const finished = createGate();
    const { ws, called, gateway } = await startGateway({
      functions: { $connect: () => finished.opened.then(() => ({ statusCode: 200 })) },
    });
    const opening = new WebSocket(`${ws}/local`);
    await called('$connect');
    expect(opening.readyState).toBe(WebSocket.CONNECTING);
    expect(gateway.connectionCount()).toBe(0);
    finished.open();
    await once(opening, 'open');
    expect(gateway.connectionCount()).toBe(1);
  });

  it.each([200, 204, 299])('opens the socket when $connect returns %i', async (statusCode) => {
    const { ws } = await startGateway({ functions: { $connect: () => ({ statusCode }) } });
    const client = await openSocket(`${ws}/local`);
    expect(client.webSocket.protocol).toBe('');
  });

  it.each([302, 401, 403, 404, 409, 429, 500])(
    'is answered with the status %i that $connect returns',
    async (statusCode) => {
      const { ws, calls } = await startGateway({
        functions: {
          $connect: () => ({
            statusCode,
            body: '{"code":"no"}',
            headers: { 'Retry-After': '3', 'Content-Type': 'application/problem+json' },
          }),
        },
      });
      const refusal = await refusedHandshake(`${ws}/local?room=x`);
      expect(refusal.status).toBe(statusCode);
      expect(refusal.body).toBe('{"code":"no"}');
      expect(refusal.headers).toMatchObject({
        'retry-after': '3',
        'content-type': 'application/problem+json',
      });
      expect(calls.map(({ functionId }) => functionId)).toEqual(['$connect']);
    },
  );

  it.each([
    ['crashes', () => Promise.reject(new Error('no'))],
    ['returns nothing', () => undefined],
    ['returns no status', () => ({ body: 'hello' })],
    ['returns an invalid status', () => ({ statusCode: 'many' })],
    ['returns text that is not JSON', () => new NotJson()],
    ['returns a body that is not a string', () => ({ statusCode: 200, body: {} })],
  ])('is answered with 502 and without the cause when $connect %s', async (_what, $connect) => {
    const { ws } = await startGateway({ functions: { $connect } });
    const refusal = await refusedHandshake(`${ws}/local`);
    expect(refusal.status).toBe(502);
    expect(JSON.parse(refusal.body)).toEqual({
      message: 'Internal server error',
      connectionId: expect.stringMatching(/^[\w-]{15}=$/),
      requestId: expect.stringMatching(/^[\w-]{15}=$/),
    });
  });

  it('is answered with 504 when $connect takes longer than an integration may', async () => {
    const { ws } = await startGateway({
      functions: { $connect: () => new Promise(() => undefined) },
      limits: { webSocketIntegrationSeconds: 0.1 },
    });
    expect(await refusedHandshake(`${ws}/local`)).toMatchObject({ status: 504 });
  });

  it('is answered with 429 and without calling $connect above the rate of new connections', async () => {
    const { ws, calls } = await startGateway({ limits: { connectionsPerSecond: 1 } });
    const [first, second] = await Promise.allSettled([
      openSocket(`${ws}/local`),
      refusedHandshake(`${ws}/local`),
    ]);
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(second).toMatchObject({ value: { status: 429, body: '{"message":"Too Many Requests"}' } });
    expect(calls).toHaveLength(1);
  });

  it('opens the socket when there is no $connect route', async () => {
    const { ws, calls } = await startGateway({
      webSocketRoutes: allWebSocketRoutes.filter(({ routeKey }) => routeKey !== '$connect'),
    });
    await openSocket(`${ws}/local`);
    expect(calls).toEqual([]);
  });

  it.each(['Sec-WebSocket-Protocol', 'sec-websocket-protocol'])(
    'returns the subprotocol that $connect selects in the header %s',
    async (name) => {
      const { ws } = await startGateway({
        functions: { $connect: () => ({ statusCode: 200, headers: { [name]: 'chat.v1' } }) },
      });
      const client = await openSocket(`${ws}/local`, { protocols: ['ticket.abc', 'chat.v1'] });
      expect(client.webSocket.protocol).toBe('chat.v1');
    },
  );

  it.each([
    ['$connect selects none', {}],
    ['$connect selects one that was not offered', { 'Sec-WebSocket-Protocol': 'other' }],
  ])('returns no subprotocol when %s, so a client that requires one fails', async (_when, headers) => {
    const { ws } = await startGateway({ functions: { $connect: () => ({ statusCode: 200, headers }) } });
    await expect(openSocket(`${ws}/local`, { protocols: ['chat.v1'] })).rejects.toThrow(
      'Server sent no subprotocol',
    );
  });

  it('is refused with 400 and without calling $connect when it is malformed', async () => {
    const { port, calls } = await startGateway();
    const bytes = 'GET /local HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect(await exchange(port, bytes, /\r\n\r\n.+/)).toMatch(/^HTTP\/1.1 400 /);
    expect(calls).toEqual([]);
  });

  it.each(['end', 'resetAndDestroy'] as const)(
    'is followed by $disconnect with 1006 when the client leaves by %s while $connect runs',
    async (leave) => {
      const finished = createGate();
      const { port, called, gateway } = await startGateway({
        functions: { $connect: () => finished.opened.then(() => ({ statusCode: 200 })) },
      });
      const client = connectTcp(port, '127.0.0.1');
      client.write(
        'GET /local HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
      await called('$connect');
      client[leave]();
      // A test cannot observe when the other side of a connection has noticed its end.
      await wait(20);
      finished.open();
      const event = await called('$disconnect');
      expect(event.requestContext).toMatchObject({ disconnectStatusCode: 1006 });
      expect(gateway.connectionCount()).toBe(0);
    },
  );
});

describe('the address of the WebSocket API', () => {
  it.each([
    '/local',
    '/local/',
    '/local?room=x',
    '/',
    '/ws',
    '/ws/',
    '/ws/chat',
    '/ws/chat/',
    '/ws/chat/?room=x',
  ])('answers an upgrade on %s', async (path) => {
    const { ws, called } = await startGateway();
    await openSocket(ws + path);
    expect((await called('$connect')).queryStringParameters).toEqual(
      path.includes('?') ? { room: 'x' } : undefined,
    );
  });

  it.each(['/local/room', '/local/room/', '/other', '/ws/chat/room/'])(
    'refuses an upgrade on %s with 403',
    async (path) => {
      const { ws, calls } = await startGateway();
      expect(await refusedHandshake(ws + path)).toMatchObject({
        status: 403,
        body: '{"message":"Forbidden"}',
      });
      expect(calls).toEqual([]);
    },
  );

  it.each(['/local', '/local/', '/local?room=x'])('answers a plain GET on %s with 426', async (path) => {
    const { port, calls } = await startGateway();
    expect(await send(port, path)).toMatchObject({ status: 426 });
    expect(calls).toEqual([]);
  });
});
