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

describe('with CORS configured', () => {
  it('the gateway answers a preflight itself, also when a route would take it', async () => {
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
  ])('an answer to %s allows the origin %s', async (origin, allowed) => {
    const { port } = await startGateway({ cors });
    const plain = await send(port, '/', { headers: { origin } });
    expect(plain.headers['access-control-allow-origin']).toBe(allowed);
    expect((await send(port, '/', preflight(origin))).headers['access-control-allow-origin']).toBe(allowed);
  });

  it('any origin is allowed with *', async () => {
    const { port } = await startGateway({ cors: { ...cors, allowOrigins: ['*'], allowCredentials: false } });
    const { headers } = await send(port, '/', { headers: { origin: 'https://x.example' } });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('the headers of the function are replaced by those of the gateway', async () => {
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

  it('an error of the gateway can be read by the page, too', async () => {
    const { port } = await startGateway({ cors, httpRoutes: ['GET /a'] });
    const answer = await send(port, '/b', { headers: { origin: 'https://app.example' } });
    expect(answer).toMatchObject({
      status: 404,
      headers: { 'access-control-allow-origin': 'https://app.example' },
    });
  });

  it('an OPTIONS request that is no preflight goes to its route', async () => {
    const { port, called } = await startGateway({ cors });
    await send(port, '/a', { method: 'OPTIONS' });
    expect((await called('$default')).rawPath).toBe('/a');
  });
});

it('without CORS configured a preflight and its headers are matters of the function', async () => {
  const headers = { 'Access-Control-Allow-Origin': '*' };
  const { port, called } = await startGateway({
    functions: { $default: () => ({ statusCode: 200, headers }) },
  });
  const answer = await send(port, '/a', preflight('https://app.example'));
  expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': '*' } });
  await called('$default');
});
