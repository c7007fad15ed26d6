import {
  ForbiddenException,
  GoneException,
  LimitExceededException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { describe, expect, it } from 'vitest';
import { openSocket, send, signed } from './clients.ts';
import { managementClient, startWithSocket } from './connections-api.ts';
import { startGateway, type SeenEvent } from './started-gateway.ts';

const unknownId = 'AAAAAAAAAAAAAAA=';

describe('a post to a connection', () => {
  it('reaches the client as one text frame, byte for byte', async () => {
    const { port, socket, connectionId } = await startWithSocket();
    const text = `{"text":"grüß 🙂 ${'x'.repeat(32_000)}"}`;
    const result = await managementClient(port).send(
      new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.from(text) }),
    );
    expect(result.$metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.any(String) });
    expect(await socket.next()).toBe(text);
  });

  it('keeps the order of consecutive posts', async () => {
    const { port, socket, path } = await startWithSocket();
    const texts = Array.from({ length: 50 }, (_none, index) => String(index));
    for (const body of texts) {
      expect(await send(port, path, { method: 'POST', headers: signed, body })).toMatchObject({
        status: 200,
        body: '',
      });
    }
    for (const text of texts) expect(await socket.next()).toBe(text);
  });

  it('accepts an unencoded id and an encoded @connections', async () => {
    const { port, socket, connectionId } = await startWithSocket();
    for (const path of [`/local/@connections/${connectionId}`, `/local/%40connections/${connectionId}?x=1`]) {
      expect((await send(port, path, { method: 'POST', headers: signed, body: path })).status).toBe(200);
      expect(await socket.next()).toBe(path);
    }
  });

  it('fails with GoneException while $connect still runs', async () => {
    const caught: unknown[] = [];
    const { port, ws } = await startGateway({
      functions: {
        async $connect({ requestContext }: SeenEvent) {
          const command = new PostToConnectionCommand({
            ConnectionId: requestContext.connectionId,
            Data: 'early',
          });
          await client.send(command).catch((error: unknown) => caught.push(error));
          return { statusCode: 200 };
        },
      },
    });
    const client = managementClient(port);
    await openSocket(`${ws}/local`);
    expect(caught).toEqual([expect.any(GoneException)]);
  });

  it('fails with GoneException for a client that has left', async () => {
    const { port, socket, connectionId, called } = await startWithSocket();
    socket.webSocket.close();
    await called('$disconnect');
    const command = new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'late' });
    await expect(managementClient(port).send(command)).rejects.toBeInstanceOf(GoneException);
  });

  it('fails with PayloadTooLargeException above 128 KB, with or without a content-length', async () => {
    const { port, connectionId, path } = await startWithSocket();
    const Data = 'x'.repeat(128 * 1024);
    const client = managementClient(port);
    const tooLarge = new PostToConnectionCommand({ ConnectionId: connectionId, Data: `${Data}x` });
    await expect(client.send(tooLarge)).rejects.toBeInstanceOf(PayloadTooLargeException);
    const chunked = { ...signed, 'transfer-encoding': 'chunked' };
    const answer = await send(port, path, { method: 'POST', headers: chunked, body: `${Data}x` });
    expect(answer).toMatchObject({
      status: 413,
      headers: { 'x-amzn-errortype': 'PayloadTooLargeException' },
    });
  });

  it('of 32 KB arrives, and one byte more closes the connection with 1009', async () => {
    const { port, path, socket, called } = await startWithSocket();
    const post = (body: string) => send(port, path, { method: 'POST', headers: signed, body });
    const largest = 'x'.repeat(32 * 1024);
    expect((await post(largest)).status).toBe(200);
    expect(await socket.next()).toBe(largest);
    expect((await post(`${largest}x`)).status).toBe(200);
    expect(await socket.closed).toMatchObject({ code: 1009 });
    expect((await called('$disconnect')).requestContext['disconnectStatusCode']).toBe(1009);
    expect((await post('x')).status).toBe(410);
  });

  it('fails with LimitExceededException while the client does not read, and succeeds after it has read', async () => {
    const { port, connectionId, socket } = await startWithSocket({ limits: { clientBufferBytes: 200_000 } });
    const client = managementClient(port);
    const post = () =>
      client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'x'.repeat(32 * 1024) }));
    socket.webSocket.pause();
    let sent = 0;
    const fill = async (): Promise<void> => {
      for (; sent < 2_000; sent += 1) await post();
    };
    await expect(fill()).rejects.toBeInstanceOf(LimitExceededException);
    socket.webSocket.resume();
    for (let read = 0; read < sent; read += 1) await socket.next();
    await post();
    expect(await socket.next()).toHaveLength(32 * 1024);
  });
});

describe('any call of @connections', () => {
  it.each(['POST', 'GET', 'DELETE'])(
    '%s is answered with 410 and the error type in a header for an unknown id',
    async (method) => {
      const { port } = await startGateway();
      const answer = await send(port, `/local/@connections/${unknownId}`, { method, headers: signed });
      expect(answer).toMatchObject({ status: 410, headers: { 'x-amzn-errortype': 'GoneException' } });
      expect(JSON.parse(answer.body)).toEqual({ message: expect.any(String) });
    },
  );

  it.each(['nonsense', 'AAAAAAAAAAAAAAAA', 'AAAAAAA%2FAAAAAAA%3D', '%E0%A4%A', 'AAAAAAAAAAAAAAA=='])(
    'is answered with 400 for the malformed id %s',
    async (malformed) => {
      const { port } = await startGateway();
      const answer = await send(port, `/local/@connections/${malformed}`, {
        method: 'POST',
        headers: signed,
      });
      expect(answer).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': 'BadRequestException' } });
    },
  );

  it.each(['other', 'loca', 'locals'])(
    'fails with ForbiddenException on the wrong stage %s',
    async (stage) => {
      const { port, connectionId } = await startWithSocket();
      const command = new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'x' });
      await expect(managementClient(port, stage).send(command)).rejects.toBeInstanceOf(ForbiddenException);
    },
  );

  it('is answered with 403 without a stage', async () => {
    const { port, connectionId } = await startWithSocket();
    const answer = await send(port, `/@connections/${connectionId}`, { method: 'POST', headers: signed });
    expect(answer.status).toBe(403);
  });

  it.each([
    ['nothing', {}, 'Missing Authentication Token'],
    ['a bearer token', { authorization: 'Bearer x' }, 'The request is not signed.'],
  ])('is answered with 403 when it is signed with %s', async (_what, headers, message) => {
    const { port, path } = await startWithSocket();
    for (const method of ['POST', 'GET', 'DELETE']) {
      const answer = await send(port, path, { method, headers });
      expect(answer).toMatchObject({ status: 403, body: JSON.stringify({ message }) });
    }
  });

  it('takes precedence over a route of the HTTP API and over the edge', async () => {
    const { port, path, socket, calls } = await startWithSocket({
      httpRoutes: ['ANY /{proxy+}', '$default'],
      edge: [{ pathPattern: '*', origin: 'http', originPath: '' }],
    });
    await send(port, path, { method: 'POST', headers: signed, body: 'x' });
    expect(await socket.next()).toBe('x');
    expect(calls.map(({ functionId }) => functionId)).toEqual(['$connect']);
  });

  it('is answered with 403 for an unknown method', async () => {
    const { port, path } = await startWithSocket();
    expect(await send(port, path, { method: 'PUT', headers: signed })).toMatchObject({ status: 403 });
  });
});
