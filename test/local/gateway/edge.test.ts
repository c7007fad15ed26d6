import { describe, expect, it } from 'vitest';
import { createEdge } from '../../../local/gateway/edge.ts';
import { compilePathPattern } from '../../../local/gateway/path-pattern.ts';
import type { EdgeBehavior } from '../../../local/edge-behavior.ts';
import { openSocket, refusedHandshake, send } from './clients.ts';
import { startGateway } from './started-gateway.ts';

/** Moves the room from the path to the query, as the function of the distribution does. */
const roomToQuery = `
function handler(event) {
  var request = event.request;
  var match = /^\\/ws\\/chat\\/([^/]+)\\/?$/.exec(request.uri);
  if (match) {
    request.querystring.room = { value: match[1] };
    request.uri = '/';
  }
  return request;
}`;
const edge: EdgeBehavior[] = [
  { pathPattern: '/ws/*', origin: 'websocket', originPath: '/local', viewerRequest: roomToQuery },
  { pathPattern: '*', origin: 'http', originPath: '' },
];
const withFunction = (viewerRequest: string): EdgeBehavior[] => [
  { pathPattern: '*', origin: 'http', originPath: '', viewerRequest },
];

describe('a path pattern', () => {
  it.each([
    ['*', '/anything/at.all', true],
    ['/ws/*', '/ws/chat/lobby/', true],
    ['/ws/*', '/ws/', true],
    ['ws/*', '/ws/chat', true],
    ['/ws/*', '/ws', false],
    ['/ws/*', '/WS/chat', false],
    ['/ws/*', '/x/ws/chat', false],
    ['/a?c', '/abc', true],
    ['/a?c', '/ac', false],
    ['*.jpg', '/images/a.jpg', true],
    ['*.jpg', '/images/ajpg', false],
    ['/a+(b)', '/a+(b)', true],
  ])('%s against %s returns %s', (pattern, path, expected) => {
    expect(compilePathPattern(pattern)(path)).toBe(expected);
  });
});

describe('a WebSocket through the edge', () => {
  it('reaches the stage with the room that the viewer-request function moved from the path to the query', async () => {
    const { ws, called } = await startGateway({ edge });
    await openSocket(`${ws}/ws/chat/caf%C3%A9/?token=a%2Bb`, {
      headers: { 'X-Own': 'kept', 'X-Forwarded-For': '203.0.113.9', Host: 'chat.example' },
    });
    const event = await called('$connect');
    expect(event.queryStringParameters).toEqual({ token: 'a+b', room: 'café' });
    expect(event.headers).toMatchObject({
      'X-Own': 'kept',
      Host: 'wsapi.execute-api.us-east-1.amazonaws.com',
    });
    // The order is: the address that the viewer claimed, the viewer's own, the edge's.
    expect(event.headers['X-Forwarded-For']).toBe('203.0.113.9, 127.0.0.1, 130.176.0.1');
  });

  it.each(['/ws/other/', '/ws/chat/a/b/'])(
    'is refused with 403 on %s, which leads beyond the stage',
    async (path) => {
      const { ws, calls } = await startGateway({ edge });
      expect(await refusedHandshake(ws + path)).toMatchObject({ status: 403 });
      expect(calls).toEqual([]);
    },
  );

  it("reaches the stage at the WebSocket API's own address", async () => {
    const { ws, called } = await startGateway({ edge });
    await openSocket(`${ws}/local?room=x`);
    expect((await called('$connect')).queryStringParameters).toEqual({ room: 'x' });
  });

  it.each(['/', '/ws'])('reaches the stage on %s, where the edge has no WebSocket behavior', async (path) => {
    const { ws, called, port } = await startGateway({ edge });
    await openSocket(ws + path);
    expect((await called('$connect')).headers['Host']).toBe(`127.0.0.1:${port}`);
  });

  it('is served as a plain request on a path of the HTTP API', async () => {
    const { ws, called } = await startGateway({
      edge,
      functions: { $default: () => ({ statusCode: 200, body: 'hi' }) },
    });
    expect(await refusedHandshake(`${ws}/chat/rooms/`)).toMatchObject({ status: 200, body: 'hi' });
    expect((await called('$default')).rawPath).toBe('/chat/rooms/');
  });

  it('is answered with the response that the viewer-request function returns', async () => {
    const viewerRequest = `function handler() { return { statusCode: 401, body: 'no', headers: { 'x-why': { value: 'edge' } } }; }`;
    const { ws, calls } = await startGateway({
      edge: [{ pathPattern: '/ws/*', origin: 'websocket', originPath: '/local', viewerRequest }],
    });
    const refusal = await refusedHandshake(`${ws}/ws/chat/x/`);
    expect(refusal).toMatchObject({ status: 401, body: 'no', headers: { 'x-why': 'edge' } });
    expect(calls).toEqual([]);
  });
});

describe('a plain request through the edge', () => {
  it("goes to the first behavior that matches, with the origin's path prepended", async () => {
    const { port, called } = await startGateway({
      httpStage: 'prod',
      httpRoutes: ['GET /rooms'],
      edge: [
        { pathPattern: '/ws/*', origin: 'websocket', originPath: '/local' },
        { pathPattern: '*', origin: 'http', originPath: '/prod' },
      ],
    });
    expect((await send(port, '/rooms?x=1', { headers: { host: 'chat.example' } })).status).toBe(200);
    expect(await called('GET /rooms')).toMatchObject({
      rawPath: '/prod/rooms',
      rawQueryString: 'x=1',
      headers: {
        host: 'httpapi.execute-api.us-east-1.amazonaws.com',
        via: expect.stringContaining('CloudFront'),
      },
    });
  });

  it("has the distribution's headers instead of the viewer's, and the edge's source address", async () => {
    const { port, called } = await startGateway({
      edge: [{ pathPattern: '*', origin: 'http', originPath: '', originHeaders: { 'X-Proof': 'secret' } }],
    });
    await send(port, '/rooms', { headers: { 'x-proof': 'guessed', 'X-PROOF': 'again', 'x-own': 'kept' } });
    const { headers, requestContext } = await called('$default');
    expect(headers).toMatchObject({ 'x-proof': 'secret', 'x-own': 'kept' });
    expect(requestContext['http']).toMatchObject({ sourceIp: '130.176.0.1' });
  });

  it("bypasses the edge when its host is the API's own", async () => {
    const { port, called } = await startGateway({
      edge: [{ pathPattern: '*', origin: 'http', originPath: '', originHeaders: { 'X-Proof': 'secret' } }],
    });
    const host = 'httpapi.execute-api.us-east-1.amazonaws.com';
    await send(port, '/rooms', { headers: { host, 'x-proof': 'guessed' } });
    const { headers, requestContext } = await called('$default');
    expect(headers).toMatchObject({ 'x-proof': 'guessed' });
    expect(requestContext['http']).toMatchObject({ sourceIp: '127.0.0.1' });
  });

  it('is answered with 426 when it leads to the WebSocket API, and with 403 beyond the stage', async () => {
    const { port } = await startGateway({ edge });
    expect((await send(port, '/ws/chat/lobby/')).status).toBe(426);
    expect((await send(port, '/ws/nowhere/else')).status).toBe(403);
  });

  it('can have its headers, cookies, path and query read and changed by the viewer-request function', async () => {
    const { port, called } = await startGateway({
      edge: withFunction(`
        async function handler(event) {
          const { request, context, viewer } = event;
          request.headers['x-seen'] = { value: JSON.stringify({
            method: request.method, uri: request.uri, query: request.querystring, cookies: request.cookies,
            twice: request.headers['x-twice'], type: context.eventType, ip: viewer.ip, version: event.version,
          }) };
          delete request.headers['x-secret'];
          delete request.querystring.drop;
          request.cookies.added = { value: 'yes' };
          request.uri = '/index.html';
          return request;
        }`),
    });
    await send(port, '/a%20b?keep=1&keep=2&drop=3&flag', {
      headers: { 'X-Twice': ['1', '2'], 'X-Secret': 'x', Cookie: 'a=b' },
    });
    const event = await called('$default');
    expect(event).toMatchObject({ rawPath: '/index.html', rawQueryString: 'keep=1&keep=2&flag' });
    expect(event.cookies).toEqual(['a=b', 'added=yes']);
    expect(event.headers).not.toHaveProperty('x-secret');
    expect(event.headers['x-twice']).toBe('1,2');
    expect(JSON.parse(event.headers['x-seen'] ?? '')).toEqual({
      method: 'GET',
      uri: '/a%20b',
      query: {
        keep: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] },
        drop: { value: '3' },
        flag: { value: '' },
      },
      cookies: { a: { value: 'b' } },
      twice: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] },
      type: 'viewer-request',
      ip: '127.0.0.1',
      version: '1.0',
    });
  });

  it('reaches the Lambda function with its whole body', async () => {
    const { port, called } = await startGateway({
      edge: withFunction('async (e) => e; var handler = async (e) => e.request'),
    });
    const body = 'x'.repeat(300_000);
    await send(port, '/', { method: 'POST', headers: { 'content-type': 'text/plain' }, body });
    expect((await called('$default')).body).toBe(body);
  });

  it('is answered with the response that the viewer-request function returns', async () => {
    const { port, calls } = await startGateway({
      edge: withFunction(`function handler() {
        return { statusCode: 301, statusDescription: 'Moved', headers: { location: { value: '/swagger/' } } };
      }`),
    });
    expect(await send(port, '/')).toMatchObject({ status: 301, headers: { location: '/swagger/' } });
    expect(calls).toEqual([]);
  });

  it.each([
    'throw new Error("secret")',
    'return undefined',
    'return {}',
    'process.exit(1)',
    'return eval("event.request")',
  ])('is answered with 503 when the viewer-request function runs: %s', async (statement) => {
    const { port, calls } = await startGateway({
      edge: withFunction(`function handler(event) { ${statement} }`),
    });
    const answer = await send(port, '/');
    expect(answer.status).toBe(503);
    expect(answer.body).not.toContain('secret');
    expect(calls).toEqual([]);
  });

  it('is impossible when the viewer-request function does not compile: createEdge throws', () => {
    const hosts = { http: 'h', websocket: 'w' };
    expect(() => createEdge(withFunction('function handler('), { hosts })).toThrow(/Unexpected|missing/);
    expect(() => createEdge(withFunction('const other = 1'), { hosts })).toThrow(/handler/);
  });
});
