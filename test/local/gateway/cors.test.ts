import { describe, expect, it } from 'vitest';
import { send } from './clients.ts';
import { startGateway } from './started-gateway.ts';

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

describe('an HTTP API with CORS configured', () => {
  it('answers a preflight itself, even when a route matches it', async () => {
    const { port, calls } = await startGateway({ cors, httpRoutes: ['OPTIONS /a', '$default'] });
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

  it('adds the CORS headers to its own errors', async () => {
    const { port } = await startGateway({ cors, httpRoutes: ['GET /a'] });
    const answer = await send(port, '/b', { headers: { origin: 'https://app.example' } });
    expect(answer).toMatchObject({
      status: 404,
      headers: { 'access-control-allow-origin': 'https://app.example' },
    });
  });

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
