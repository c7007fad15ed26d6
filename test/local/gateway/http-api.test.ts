import { describe, expect, it } from 'vitest';
import { send } from './clients.ts';
import { NotJson, startGateway } from './started-gateway.ts';

const requestId = expect.stringMatching(/^[\w-]{15}=$/);

describe('the event of the HTTP API', () => {
  it('has exactly the members of payload format 2.0', async () => {
    const { port, called } = await startGateway({ httpRoutes: ['ANY /users/{proxy+}'] });
    await send(port, '/users/auth/login/?a=1&a=2&b=x%20y', {
      method: 'POST',
      headers: {
        'X-MiXed': ['one', 'two'],
        Cookie: 'session=abc; theme=dark',
        'User-Agent': 'tester/1',
        'Content-Type': 'application/json',
        'X-Forwarded-For': '203.0.113.9',
        Host: 'chat.example',
      },
      body: '{"username":"zoë"}',
    });
    expect(await called('ANY /users/{proxy+}')).toEqual({
      version: '2.0',
      routeKey: 'ANY /users/{proxy+}',
      rawPath: '/users/auth/login/',
      rawQueryString: 'a=1&a=2&b=x%20y',
      cookies: ['session=abc', 'theme=dark'],
      headers: {
        'x-mixed': 'one,two',
        'user-agent': 'tester/1',
        'content-type': 'application/json',
        'content-length': '19',
        host: 'chat.example',
        'x-forwarded-for': '203.0.113.9, 127.0.0.1',
        'x-forwarded-port': String(port),
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { a: '1,2', b: 'x y' },
      requestContext: {
        accountId: '123456789012',
        apiId: 'httpapi',
        domainName: 'httpapi.execute-api.us-east-1.amazonaws.com',
        domainPrefix: 'httpapi',
        http: {
          method: 'POST',
          path: '/users/auth/login/',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'tester/1',
        },
        requestId,
        routeKey: 'ANY /users/{proxy+}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      pathParameters: { proxy: 'auth/login/' },
      body: '{"username":"zoë"}',
      isBase64Encoded: false,
    });
  });

  it('omits members that would be empty', async () => {
    const { port, called } = await startGateway();
    await send(port, '/');
    expect(Object.keys(await called('$default')).sort()).toEqual([
      'headers',
      'isBase64Encoded',
      'rawPath',
      'rawQueryString',
      'requestContext',
      'routeKey',
      'version',
    ]);
  });

  it('has a path that begins with the named stage, while the route matches the rest', async () => {
    const { port, called } = await startGateway({ httpStage: 'prod', httpRoutes: ['GET /rooms/{id}'] });
    expect((await send(port, '/prod/rooms/7')).status).toBe(200);
    const event = await called('GET /rooms/{id}');
    expect(event).toMatchObject({ rawPath: '/prod/rooms/7', pathParameters: { id: '7' } });
    expect(event.requestContext).toMatchObject({ stage: 'prod', http: { path: '/prod/rooms/7' } });
    expect((await send(port, '/rooms/7')).status).toBe(404);
  });

  it('has a decoded path and decoded path parameters, but the raw query as sent', async () => {
    const { port, called } = await startGateway({ httpRoutes: ['GET /rooms/{name}'] });
    await send(port, '/rooms/caf%C3%A9%20bar?q=caf%C3%A9');
    expect(await called('GET /rooms/{name}')).toMatchObject({
      rawPath: '/rooms/café bar',
      rawQueryString: 'q=caf%C3%A9',
      queryStringParameters: { q: 'café' },
      pathParameters: { name: 'café bar' },
    });
  });

  it.each([
    'text/plain',
    'application/json; charset=utf-8',
    'application/javascript',
    'application/xml',
    'application/x-www-form-urlencoded',
    'application/problem+json',
  ])('has a body of type %s as text', async (type) => {
    const { port, called } = await startGateway();
    await send(port, '/', { method: 'POST', headers: { 'content-type': type }, body: 'größe=1' });
    expect(await called('$default')).toMatchObject({ body: 'größe=1', isBase64Encoded: false });
  });

  it.each(['application/octet-stream', 'image/png', undefined])(
    'has a body of type %s in base64',
    async (type) => {
      const { port, called } = await startGateway();
      const body = Buffer.from([0, 255, 128, 10]);
      await send(port, '/', {
        method: 'POST',
        headers: type === undefined ? {} : { 'content-type': type },
        body,
      });
      expect(await called('$default')).toMatchObject({
        body: body.toString('base64'),
        isBase64Encoded: true,
      });
    },
  );
});

describe('the answer of the HTTP API', () => {
  it('has the status, headers, cookies and body of the result', async () => {
    const { port } = await startGateway({
      functions: {
        $default: () => ({
          statusCode: 201,
          headers: { 'Content-Type': 'application/json', 'X-Count': 3, Link: '</next>; rel="next"' },
          cookies: ['a=1; HttpOnly', 'b=2'],
          body: '{"ok":"ja, größer"}',
        }),
      },
    });
    const answer = await send(port, '/');
    expect(answer).toMatchObject({ status: 201, body: '{"ok":"ja, größer"}' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'x-count': '3',
      link: '</next>; rel="next"',
      'set-cookie': ['a=1; HttpOnly', 'b=2'],
      'apigw-requestid': requestId,
    });
  });

  it('carries the request id that the function saw', async () => {
    const { port, called } = await startGateway();
    const answer = await send(port, '/');
    expect(answer.headers['apigw-requestid']).toBe((await called('$default')).requestContext.requestId);
  });

  it('has the decoded body when the result is in base64', async () => {
    const { port } = await startGateway({
      functions: {
        $default: () => ({
          statusCode: 200,
          body: Buffer.from('déjà').toString('base64'),
          isBase64Encoded: true,
        }),
      },
    });
    expect((await send(port, '/')).body).toBe('déjà');
  });

  it('is text/plain when the result has a status but no content type', async () => {
    const { port } = await startGateway({ functions: { $default: () => ({ statusCode: 200, body: 'hi' }) } });
    expect((await send(port, '/')).headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it.each([[{ message: 'hi' }], ['hi'], [[1, 2]], [null], [7]])(
    'is a 200 with the value %j as JSON when it has no statusCode',
    async (value) => {
      const { port } = await startGateway({ functions: { $default: () => value } });
      const answer = await send(port, '/');
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
      expect(JSON.parse(answer.body)).toEqual(value);
    },
  );

  it.each([
    ['throws', () => Promise.reject(new Error('secret'))],
    ['returns text that is not JSON', () => new NotJson()],
    ['returns an invalid status', () => ({ statusCode: 'ok' })],
    ['returns status 99', () => ({ statusCode: 99 })],
    ['returns a body that is not a string', () => ({ statusCode: 200, body: { a: 1 } })],
    ['returns headers that are not strings', () => ({ statusCode: 200, headers: { a: ['b'] } })],
    ['returns a header with a line break', () => ({ statusCode: 200, headers: { a: 'b\r\nc: d' } })],
    ['returns cookies that are not a list', () => ({ statusCode: 200, cookies: 'a=b' })],
  ])('is 500 without the cause when the function %s', async (_what, $default) => {
    const { port } = await startGateway({ functions: { $default } });
    const answer = await send(port, '/');
    expect(answer).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'apigw-requestid': requestId,
    });
  });

  it('is 503 when the function takes longer than an integration may', async () => {
    const { port } = await startGateway({
      functions: { $default: () => new Promise(() => undefined) },
      limits: { httpIntegrationSeconds: 0.1 },
    });
    expect(await send(port, '/')).toMatchObject({ status: 503, body: '{"message":"Service Unavailable"}' });
  });

  it('is 404 when no route matches, with a request id', async () => {
    const { port, calls } = await startGateway({ httpRoutes: ['GET /a'] });
    const answer = await send(port, '/b');
    expect(answer).toMatchObject({ status: 404, body: '{"message":"Not Found"}' });
    expect(answer.headers['apigw-requestid']).toEqual(requestId);
    expect(calls).toEqual([]);
  });

  it('is 400 when the path cannot be decoded', async () => {
    const { port } = await startGateway();
    expect(await send(port, '/%E0%A4%A')).toMatchObject({ status: 400 });
  });

  it('has no body for HEAD, but the length of the body', async () => {
    const { port, called } = await startGateway({
      functions: { $default: () => ({ statusCode: 200, body: 'hello' }) },
    });
    const answer = await send(port, '/', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '', headers: { 'content-length': '5' } });
    expect((await called('$default')).requestContext).toMatchObject({ http: { method: 'HEAD' } });
  });

  it('has neither body nor content-length for 204', async () => {
    const { port } = await startGateway({ functions: { $default: () => ({ statusCode: 204 }) } });
    const answer = await send(port, '/');
    expect(answer).toMatchObject({ status: 204, body: '' });
    expect(answer.headers).not.toHaveProperty('content-length');
  });
});
