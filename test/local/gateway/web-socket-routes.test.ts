import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../local/gateway/gateway.ts';
import { openSocket } from './clients.ts';
import { createGate } from './gate.ts';
import { allWebSocketRoutes, NotJson, startGateway } from './started-gateway.ts';

const withTyping = [...allWebSocketRoutes, { routeKey: 'typing', functionId: 'typing' }];

describe('the route of a WebSocket message', () => {
  it('is the one that its route selection key names', async () => {
    const { ws, called } = await startGateway({ webSocketRoutes: withTyping });
    const client = await openSocket(`${ws}/local`);
    client.send('{"type":"typing"}');
    expect((await called('typing')).requestContext.routeKey).toBe('typing');
  });

  it.each([
    ['is not JSON', 'hello'],
    ['has no key', '{"message":"hi"}'],
    ['has an unknown key', '{"type":"other"}'],
    ['is an array', '[{"type":"typing"}]'],
    ['is null', 'null'],
    ['has an object as its key', '{"type":{"typing":1}}'],
    ['names a predefined route', '{"type":"$connect"}'],
    ['names a property of Object.prototype', '{"type":"constructor"}'],
  ])('is $default when it %s', async (_what, body) => {
    const { ws, called } = await startGateway({ webSocketRoutes: withTyping });
    const client = await openSocket(`${ws}/local`);
    client.send(body);
    expect(await called('$default')).toMatchObject({ body, requestContext: { routeKey: '$default' } });
  });

  it('is missing without $default: the client receives Forbidden and the socket stays open', async () => {
    const { ws, called } = await startGateway({
      webSocketRoutes: withTyping.filter(({ routeKey }) => routeKey !== '$default'),
    });
    const client = await openSocket(`${ws}/local`);
    client.send('hello');
    const { connectionId } = (await called('$connect')).requestContext;
    expect(await client.nextJson()).toEqual({
      message: 'Forbidden',
      connectionId,
      requestId: expect.stringMatching(/^[\w-]{15}=$/),
    });
    client.send('{"type":"typing"}');
    await called('typing');
  });

  it('requires a supported selection expression, otherwise createGateway throws', () => {
    const webSocketApi = {
      apiId: 'w',
      stage: 's',
      routeSelectionExpression: '$request.header.x',
      routes: [],
    };
    const httpApi = { apiId: 'h', stage: '$default', routes: [] };
    const options = { webSocketApi, httpApi, edge: [], region: 'r', accountId: '1' };
    const start = () => createGateway({ ...options, invoke: () => Promise.reject(new Error('never')) });
    expect(start).toThrow('$request.header.x');
  });
});

describe('the answer to a WebSocket message', () => {
  it.each([
    ['throws', () => Promise.reject(new Error('secret'))],
    ['returns nothing', () => undefined],
    ['returns text that is not JSON', () => new NotJson()],
  ])(
    'is an "Internal server error" frame when the function %s, and the socket stays open',
    async (_what, $default) => {
      const { ws, called } = await startGateway({ functions: { $default } });
      const client = await openSocket(`${ws}/local`);
      client.send('hello');
      const { connectionId, requestId } = (await called('$default')).requestContext;
      expect(await client.nextJson()).toEqual({ message: 'Internal server error', connectionId, requestId });
      client.send('again');
      await called('$default', 2);
    },
  );

  it('is an "Endpoint request timed out" frame after the integration timeout, and the socket stays open', async () => {
    const { ws, called } = await startGateway({
      functions: { $default: () => new Promise(() => undefined) },
      limits: { webSocketIntegrationSeconds: 0.1 },
    });
    const client = await openSocket(`${ws}/local`);
    client.send('hello');
    const { connectionId, requestId } = (await called('$default')).requestContext;
    expect(await client.nextJson()).toEqual({
      message: 'Endpoint request timed out',
      connectionId,
      requestId,
    });
    client.send('again');
    await called('$default', 2);
  });

  it("is the function's result only when the route has a route response", async () => {
    const { ws } = await startGateway({
      webSocketRoutes: [
        ...allWebSocketRoutes,
        { routeKey: 'echo', functionId: 'echo', hasRouteResponse: true },
      ],
      functions: {
        $default: ({ body }) => ({ statusCode: 200, body: `dropped ${body}` }),
        echo: ({ body }) => ({ statusCode: 200, body: `echo ${body}` }),
      },
    });
    const client = await openSocket(`${ws}/local`);
    client.send('one');
    client.send('{"type":"echo"}');
    expect(await client.next()).toBe('echo {"type":"echo"}');
  });

  it('does not wait for the previous message', async () => {
    const second = createGate();
    const { ws } = await startGateway({
      webSocketRoutes: allWebSocketRoutes.map((route) => ({ ...route, hasRouteResponse: true })),
      functions: {
        async $default({ body }) {
          if (body === 'first') await second.opened;
          return { statusCode: 200, body: `done ${body}` };
        },
      },
    });
    const client = await openSocket(`${ws}/local`);
    client.send('first');
    client.send('second');
    expect(await client.next()).toBe('done second');
    second.open();
    expect(await client.next()).toBe('done first');
  });
});
