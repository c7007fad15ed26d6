import { Agent } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exchange, send } from './clients.ts';
import { startGateway } from './started-gateway.ts';

describe('the size limit of HTTP requests', () => {
  it('allows 10 MB and answers larger bodies with 413, with or without a content-length', async () => {
    const { port, calls } = await startGateway({
      functions: { $default: (event) => ({ length: event.body?.length }) },
    });
    const body = Buffer.alloc(10 * 1024 * 1024, 'x');
    const headers = { 'content-type': 'text/plain' };
    const accepted = await send(port, '/', { method: 'POST', headers, body });
    expect(JSON.parse(accepted.body)).toEqual({ length: body.length });
    const tooLarge = Buffer.concat([body, Buffer.from('x')]);
    for (const more of [{}, { 'transfer-encoding': 'chunked' }]) {
      const answer = await send(port, '/', {
        method: 'POST',
        headers: { ...headers, ...more },
        body: tooLarge,
      });
      expect(answer).toMatchObject({ status: 413, body: '{"message":"Request Entity Too Large"}' });
    }
    expect(calls).toHaveLength(1);
  });

  it('allows 10,240 bytes of headers and answers more with 431', async () => {
    const { port } = await startGateway();
    expect((await send(port, '/', { headers: { 'x-long': 'x'.repeat(9_900) } })).status).toBe(200);
    expect((await send(port, '/', { headers: { 'x-long': 'x'.repeat(10_300) } })).status).toBe(431);
  });
});

it('the gateway serves a request with an upgrade to HTTP/2 as a plain request', async () => {
  const { port, called } = await startGateway();
  const head = ['POST /chat HTTP/1.1', 'Host: x', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c'];
  const rest = ['HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA', 'Content-Type: text/plain', 'Content-Length: 5'];
  const request = `${[...head, ...rest].join('\r\n')}\r\n\r\nhello`;
  expect(await exchange(port, request, /\r\n\r\n/)).toMatch(/^HTTP\/1.1 200 /);
  const event = await called('$default');
  expect(event.body).toBe('hello');
  for (const name of ['upgrade', 'connection', 'http2-settings'])
    expect(event.headers).not.toHaveProperty(name);
});

it('the gateway keeps the connection of a refused upgrade for the next request', async () => {
  const { port, called } = await startGateway();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const upgrade = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AA' };
  const headers = { ...upgrade, 'content-type': 'text/plain' };
  const body = 'x'.repeat(200_000);
  expect((await send(port, '/chat', { method: 'POST', headers, body, agent })).status).toBe(200);
  expect((await called('$default')).body).toHaveLength(body.length);
  expect((await send(port, '/next', { agent })).status).toBe(200);
  expect((await called('$default', 2)).rawPath).toBe('/next');
});

it('the gateway sends requests under /_aws/ to the internal endpoints only', async () => {
  const { port, calls } = await startGateway({
    internal(request, response) {
      if (request.url !== '/_aws/lambda/x') return false;
      response.end('served');
      return true;
    },
  });
  expect((await send(port, '/_aws/lambda/x')).body).toBe('served');
  expect((await send(port, '/_aws/other')).status).toBe(404);
  expect(calls).toEqual([]);
});
