import { describe, expect, it } from 'vitest';
import { send } from './clients.ts';
import { startGateway, type ScriptedFunction, type StartOptions } from './started-gateway.ts';

const cors = {
  allowOrigins: ['https://app.example', 'http://*'],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['authorization', 'content-type'],
  exposeHeaders: ['link'],
  allowCredentials: true,
  maxAgeSeconds: 600,
};
const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'POST' },
});

interface Own {
  path?: string;
  body?: string;
  limits?: StartOptions['limits'];
  run?: ScriptedFunction;
}

describe('an HTTP API with CORS configured', () => {
  it('answers a preflight itself when no route matches OPTIONS', async () => {
    const { port, calls } = await startGateway({ cors, httpRoutes: ['POST /a', 'OPTIONS /b', 'ANY /c'] });
    const answer = await send(port, '/a', preflight('https://app.example'));
    expect(answer).toMatchObject({ status: 204, body: '' });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '600',
    });
    expect(calls).toEqual([]);
  });

  it.each(['OPTIONS /a', 'ANY /a', 'ANY /{proxy+}', '$default'])(
    'passes a preflight to the route %s and adds its headers to the answer',
    async (routeKey) => {
      const own = { 'access-control-allow-origin': 'https://evil.example', 'x-own': 'kept' };
      const { port, calls } = await startGateway({
        cors,
        httpRoutes: [routeKey],
        functions: { [routeKey]: () => ({ statusCode: 204, headers: own }) },
      });
      const answer = await send(port, '/a', preflight('https://app.example'));
      expect(answer.status).toBe(204);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '600',
        'x-own': 'kept',
      });
      expect(calls.map(({ functionId }) => functionId)).toEqual([routeKey]);
    },
  );

  it('leaves the status of a preflight to the function, although a browser accepts only a 2xx', async () => {
    const { port } = await startGateway({ cors, functions: { $default: () => ({ statusCode: 405 }) } });
    expect(await send(port, '/a', preflight('https://app.example'))).toMatchObject({
      status: 405,
      headers: { 'access-control-allow-origin': 'https://app.example' },
    });
  });

  it('answers the preflight of an origin that is not allowed without any CORS header', async () => {
    for (const httpRoutes of [['$default'], ['GET /a']]) {
      const { port } = await startGateway({ cors, httpRoutes });
      const { headers } = await send(port, '/a', preflight('https://other.example'));
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  it.each([
    ['https://app.example', 'https://app.example'],
    ['http://localhost:5173', 'http://localhost:5173'],
    ['https://app.example.evil', undefined],
    ['https://other.example', undefined],
  ])('answers the origin %s with the allowed origin %s', async (origin, allowed) => {
    const { port } = await startGateway({ cors });
    const plain = await send(port, '/', { headers: { origin } });
    expect(plain.headers['access-control-allow-origin']).toBe(allowed);
    expect((await send(port, '/', preflight(origin))).headers['access-control-allow-origin']).toBe(allowed);
  });

  it('allows any origin when * is configured', async () => {
    const { port } = await startGateway({ cors: { ...cors, allowOrigins: ['*'], allowCredentials: false } });
    const { headers } = await send(port, '/', { headers: { origin: 'https://x.example' } });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it("replaces the function's CORS headers with its own", async () => {
    const own = {
      'Access-Control-Allow-Origin': 'https://evil.example',
      'access-control-expose-headers': 'x-own',
    };
    const { port } = await startGateway({
      cors,
      functions: { $default: () => ({ statusCode: 200, headers: own }) },
    });
    const { headers } = await send(port, '/', { headers: { origin: 'https://app.example' } });
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-expose-headers': 'link',
    });
    expect((await send(port, '/')).headers).not.toHaveProperty('access-control-allow-origin');
  });

  it.each([
    [404, { path: '/b' }],
    [413, { body: 'x'.repeat(11) }],
    [429, { limits: { requestsPerSecond: 0, requestBurst: 0 } }],
    [500, { run: () => Promise.reject(new Error('failed')) }],
    [503, { limits: { httpIntegrationSeconds: 0.01 }, run: () => new Promise(() => undefined) }],
  ])(
    'adds the CORS headers to its own answer %s',
    async (status, { path = '/a', body, limits, run }: Own) => {
      const { port } = await startGateway({
        cors,
        httpRoutes: ['POST /a'],
        limits: { httpPayloadBytes: 10, ...limits },
        ...(run && { functions: { 'POST /a': run } }),
      });
      const headers = { origin: 'https://app.example' };
      expect(
        await send(port, path, { method: 'POST', headers, ...(body !== undefined && { body }) }),
      ).toMatchObject({
        status,
        headers: { 'access-control-allow-origin': 'https://app.example' },
      });
    },
  );

  it('sends an OPTIONS request that is not a preflight to its route', async () => {
    const { port, called } = await startGateway({ cors });
    await send(port, '/a', { method: 'OPTIONS' });
    expect((await called('$default')).rawPath).toBe('/a');
  });
});

it('an HTTP API without CORS configured leaves preflights and CORS headers to the function', async () => {
  const headers = { 'Access-Control-Allow-Origin': '*' };
  const { port, called } = await startGateway({
    functions: { $default: () => ({ statusCode: 200, headers }) },
  });
  const answer = await send(port, '/a', preflight('https://app.example'));
  expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': '*' } });
  await called('$default');
});
