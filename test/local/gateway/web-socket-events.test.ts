import { describe, expect, it } from 'vitest';
import { openSocket } from './clients.ts';
import { startGateway } from './started-gateway.ts';

const id = expect.stringMatching(/^[\w-]{15}=$/);
const commonContext = {
  extendedRequestId: id,
  requestId: id,
  requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
  requestTimeEpoch: expect.any(Number),
  messageDirection: 'IN',
  stage: 'local',
  connectedAt: expect.any(Number),
  identity: { sourceIp: '127.0.0.1', userAgent: 'tester/1' },
  domainName: 'wsapi.execute-api.us-east-1.amazonaws.com',
  apiId: 'wsapi',
  connectionId: id,
};

describe('the events of the WebSocket API', () => {
  it("CONNECT has the headers in the client's casing and the query, each with the last value and with all values", async () => {
    const { ws, called, port } = await startGateway();
    await openSocket(`${ws}/local?room=a%20b&tag=1&tag=2`, {
      headers: { 'User-Agent': 'tester/1', 'X-Forwarded-For': '203.0.113.9' },
      finishRequest: (request) => request.setHeader('X-CuStOm', ['one', 'two']).end(),
    });
    const event = await called('$connect');
    expect(event).toEqual({
      headers: expect.objectContaining({
        Host: `127.0.0.1:${port}`,
        'User-Agent': 'tester/1',
        'X-CuStOm': 'two',
        'X-Forwarded-For': '203.0.113.9, 127.0.0.1',
        'Sec-WebSocket-Version': '13',
      }),
      multiValueHeaders: expect.objectContaining({ 'X-CuStOm': ['one', 'two'], 'User-Agent': ['tester/1'] }),
      queryStringParameters: { room: 'a b', tag: '2' },
      multiValueQueryStringParameters: { room: ['a b'], tag: ['1', '2'] },
      requestContext: { ...commonContext, routeKey: '$connect', eventType: 'CONNECT' },
      isBase64Encoded: false,
    });
    expect(Object.keys(event.headers)).not.toContain('Upgrade');
  });

  it('CONNECT has no query members when there is no query', async () => {
    const { ws, called } = await startGateway();
    await openSocket(`${ws}/local`);
    expect(Object.keys(await called('$connect')).sort()).toEqual([
      'headers',
      'isBase64Encoded',
      'multiValueHeaders',
      'requestContext',
    ]);
  });

  it('CONNECT treats a query parameter named __proto__ like any other', async () => {
    const { ws, called } = await startGateway();
    await openSocket(`${ws}/local?__proto__=x`);
    expect(Object.entries((await called('$connect')).queryStringParameters ?? {})).toEqual([
      ['__proto__', 'x'],
    ]);
  });

  it('MESSAGE has a body and a messageId, but no headers or query', async () => {
    const { ws, called } = await startGateway();
    const client = await openSocket(`${ws}/local?room=x`, { headers: { 'User-Agent': 'tester/1' } });
    client.send('{"message":"grüß dich"}');
    expect(await called('$default')).toEqual({
      requestContext: { ...commonContext, routeKey: '$default', eventType: 'MESSAGE', messageId: id },
      body: '{"message":"grüß dich"}',
      isBase64Encoded: false,
    });
  });

  it('DISCONNECT has the code, the reason and only the four headers that AWS sends', async () => {
    const { ws, called } = await startGateway();
    const client = await openSocket(`${ws}/local?room=x`, { headers: { 'User-Agent': 'tester/1' } });
    client.webSocket.close(4321, 'enough');
    const headers = {
      Host: commonContext.domainName,
      'x-api-key': '',
      'X-Forwarded-For': '',
      'x-restapi': '',
    };
    expect(await called('$disconnect')).toEqual({
      headers,
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      requestContext: {
        ...commonContext,
        routeKey: '$disconnect',
        eventType: 'DISCONNECT',
        disconnectStatusCode: 4321,
        disconnectReason: 'enough',
      },
      isBase64Encoded: false,
    });
  });

  it('share the id, the identity and the connection time of their connection', async () => {
    const { ws, called } = await startGateway();
    const client = await openSocket(`${ws}/local`);
    client.send('hello');
    await called('$default');
    client.webSocket.close();
    const contexts = await Promise.all(['$connect', '$default', '$disconnect'].map((key) => called(key)));
    for (const member of ['connectionId', 'connectedAt', 'identity']) {
      expect(new Set(contexts.map(({ requestContext }) => JSON.stringify(requestContext[member]))).size).toBe(
        1,
      );
    }
  });
});
