import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../local/gateway/gateway.ts';
import { openSocket } from './clients.ts';
import { createGate } from './gate.ts';
import { allWebSocketRoutes, NotJson, startGateway } from './started-gateway.ts';

const withTyping = [...allWebSocketRoutes, { routeKey: 'typing', functionId: 'typing' }];

describe('the route of a message', () => {
  it('is the one that its selection key names', async () => {
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
    ['has an object for a key', '{"type":{"typing":1}}'],
    ['names a route of the gateway', '{"type":"$connect"}'],
    ['names a member of every object', '{"type":"constructor"}'],
  ])('is $default when it %s', async (_what, body) => {
    const { ws, called } = await startGateway({ webSocketRoutes: withTyping });
    const client = await openSocket(`${ws}/local`);
    client.send(body);
    expect(await called('$default')).toMatchObject({ body, requestContext: { routeKey: '$default' } });
  });

  it('is nowhere without $default: the client gets Forbidden, and the socket stays open', async () => {
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

  it('is chosen by an expression that the gateway understands, or the gateway does not start', () => {
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

describe('what comes of a message', () => {
  it.each([
    ['throws', () => Promise.reject(new Error('secret'))],
    ['returns nothing', () => undefined],
    ['returns what is not JSON', () => new NotJson()],
  ])(
    'is an Internal server error frame when the function %s, and the socket stays open',
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

  it('is an Endpoint request timed out frame after the time that an integration has, and the socket stays open', async () => {
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

  it('is sent to the client only when the route has a route response', async () => {
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

  it('does not wait for the message before it', async () => {
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
