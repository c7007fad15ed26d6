import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { errorCodes, type ErrorCode } from '../../../shared/contract/errors.ts';
import { operations } from '../../../shared/contract/http/operations.ts';
import type { TokenHolder } from '../../../shared/domain/accounts/revocation.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import type { Charge } from '../../../shared/domain/rate-limits/user-budget.ts';
import { httpFunction, type HttpAnswer } from '../../../shared/lambda/http-function.ts';
import { ann, manualClock, uuid } from '../../kit/memory-chat/system.ts';

const logged = vi.hoisted((): { level: string; text: string; fields: any }[] => []);
vi.mock('../../../shared/lambda/logger.ts', () => {
  const record = (level: string) => (text: string, fields: unknown) =>
    void logged.push({ level, text, fields });
  return {
    logger: {
      resetKeys: () => undefined,
      appendKeys: () => undefined,
      info: record('info'),
      error: record('error'),
    },
  };
});

type AnyHandler = (request: any) => Promise<HttpAnswer>;

const tokens = {
  verifyAccess: async (token: string) => {
    if (token === 'good') return ann;
    throw new ChatError('unauthorized');
  },
};

const spend = vi.fn(async (_rate: string, _userId: string): Promise<void> => undefined);
const budget = {
  spend: vi.fn(async (_userId: string, _charge: Charge): Promise<void> => undefined),
  spendLight: vi.fn((_userId: string): void => undefined),
};

/** No session has ended. */
const revocations = { isRevoked: async (_holder: TokenHolder) => false };

/** Returns the chat function. Operations without a handler among the overrides fail. */
function chat(overrides: Partial<Record<keyof typeof operations, AnyHandler>> = {}, signedOut = revocations) {
  const rows = Object.entries(operations).filter(([, row]) => row.function === 'chat');
  const unused: AnyHandler = () => Promise.reject(new Error('not used here'));
  const handlers = Object.fromEntries(
    rows.map(([name]) => [name, overrides[name as keyof typeof operations] ?? unused]),
  );
  return httpFunction('chat', handlers as never, {
    tokens,
    revocations: signedOut,
    rates: { spend },
    budget,
    clock: manualClock(),
  });
}

interface SentRequest {
  method?: string;
  path?: string;
  body?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  isBase64Encoded?: boolean;
}

async function call(
  run: ReturnType<typeof chat>,
  { method = 'GET', path = '/chat/rooms/', body, headers = {}, query, isBase64Encoded = false }: SentRequest,
) {
  const event = {
    version: '2.0',
    routeKey: 'ANY /chat/{proxy+}',
    rawPath: path,
    headers: {
      authorization: 'Bearer good',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(query === undefined ? {} : { queryStringParameters: query }),
    pathParameters: { proxy: path.slice('/chat/'.length) },
    requestContext: { requestId: 'request-1', http: { method, path, sourceIp: '10.0.0.1' } },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded,
  } as unknown as APIGatewayProxyEventV2;
  const {
    statusCode,
    headers: answered = {},
    body: text,
  } = await run(event, { awsRequestId: 'i-1' } as Context);
  return {
    status: statusCode,
    headers: answered as Record<string, string>,
    text,
    json: text === undefined ? undefined : JSON.parse(text),
  };
}

const supported = (allow: string | undefined): string[] | undefined => allow?.split(', ').sort();

const room = {
  room_id: uuid(5),
  room_name: 'general',
  created_at: '2026-11-22T12:00:00.000Z',
  creator_id: ann.userId,
  creator_username: 'ann',
  description: '',
  is_private: false,
  is_direct: false,
  message_count: 0,
  member_count: 1,
};

beforeEach(() => {
  logged.length = 0;
});

describe('routing', () => {
  const listRooms: AnyHandler = async () => ({ status: 200, body: [] });

  it.each(['/chat/rooms/', '/chat/rooms'])('finds the operation at %s', async (path) => {
    expect(await call(chat({ listRooms }), { path })).toMatchObject({ status: 200, json: [] });
  });

  it('answers HEAD as GET', async () => {
    expect(await call(chat({ listRooms }), { method: 'HEAD' })).toMatchObject({ status: 200 });
  });

  it.each(['/chat', '/chat/', '/chat/nothing', '/chat/rooms/a/b/c/d', '/chat/rooms//'])(
    'answers %s with 404',
    async (path) => {
      expect(await call(chat(), { path })).toMatchObject({ status: 404, json: { code: 'not_found' } });
    },
  );

  it.each([
    ['DELETE', '/chat/rooms/', ['GET', 'HEAD']],
    ['POST', `/chat/rooms/${uuid(5)}/`, ['DELETE', 'GET', 'HEAD', 'PATCH', 'PUT']],
    ['GET', '/chat/rooms/create/', ['POST']],
    ['DELETE', '/chat/rooms/mine', ['GET', 'HEAD']],
    ['PATCH', `/chat/rooms/${uuid(5)}/messages/`, ['GET', 'HEAD', 'POST']],
  ])('answers %s %s with the allowed methods', async (method, path, allowed) => {
    const { status, headers, json } = await call(chat(), { method, path });
    expect([status, json.code]).toEqual([405, 'method_not_allowed']);
    expect(supported(headers['allow'])).toEqual(allowed);
  });

  it.each([
    ['/chat/rooms/', ['GET', 'HEAD']],
    ['/chat/rooms/mine', ['GET', 'HEAD']],
    ['/chat/rooms/create/', ['POST']],
    [`/chat/rooms/${uuid(5)}/`, ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']],
    ['/chat/rooms/mine/messages/', ['GET', 'HEAD', 'POST']],
  ])('answers OPTIONS %s with 204 and the methods of that path alone', async (path, allowed) => {
    const { status, headers, text } = await call(chat(), { method: 'OPTIONS', path });
    expect([status, text, supported(headers['allow'])]).toEqual([204, undefined, [...allowed].sort()]);
  });

  it('answers OPTIONS of an unknown path with 204 to a preflight, so that the browser can show the 404', async () => {
    const unknown = { method: 'OPTIONS', path: '/chat/nothing/' };
    const preflight = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
    const answer = await call(chat(), { ...unknown, headers: preflight });
    expect([answer.status, answer.headers['allow']]).toEqual([204, undefined]);
    expect(await call(chat(), unknown)).toMatchObject({ status: 404, json: { code: 'not_found' } });
  });

  it('passes ids to the handler decoded and in canonical form', async () => {
    const getRoom = vi.fn<AnyHandler>(async () => ({ status: 200, body: room }));
    await call(chat({ getRoom }), { path: `/chat/rooms/${uuid(5).toUpperCase()}/` });
    expect(getRoom.mock.calls[0]?.[0].params).toEqual({ room_id: uuid(5) });
  });

  it.each(['x', '%', '%00', '..%2F..', `${uuid(5)}%23MEMBER`, 'ROOM%23x'])(
    'answers the malformed room id %s with 404',
    async (id) => {
      expect(await call(chat(), { path: `/chat/rooms/${id}/` })).toMatchObject({ status: 404 });
    },
  );
});

describe('authentication', () => {
  const getRoom: AnyHandler = async ({ caller }) => ({
    status: 200,
    body: { ...room, creator_id: caller.userId },
  });
  const path = `/chat/rooms/${uuid(5)}/`;

  it('passes the caller to the handler', async () => {
    expect((await call(chat({ getRoom }), { path })).json.creator_id).toBe(ann.userId);
  });

  it.each(['', 'good', 'Basic good', 'Bearer', 'Bearer bad', 'Bearer good good'])(
    'is refused with the header %j',
    async (authorization) => {
      const { status, headers, json } = await call(chat({ getRoom }), { path, headers: { authorization } });
      expect([status, json.code, headers['www-authenticate']]).toEqual([401, 'unauthorized', 'Bearer']);
    },
  );

  it('is checked before the body', async () => {
    const sent = {
      method: 'POST',
      path: '/chat/rooms/create/',
      body: 'no json',
      headers: { authorization: 'Bearer bad' },
    };
    expect((await call(chat(), sent)).status).toBe(401);
  });

  it('accepts no token, but not an invalid one, when it is optional', async () => {
    const listRooms = vi.fn<AnyHandler>(async () => ({ status: 200, body: [] }));
    const without = { headers: { authorization: undefined as unknown as string } };
    expect((await call(chat({ listRooms }), without)).status).toBe(200);
    expect(listRooms.mock.calls[0]?.[0].caller).toBeUndefined();
    expect((await call(chat({ listRooms }), { headers: { authorization: 'Bearer bad' } })).status).toBe(401);
  });
});

describe('a request', () => {
  const createRoom: AnyHandler = async ({ body }) => ({
    status: 201,
    body: { ...room, room_name: body.room_name },
  });
  const create = (sent: SentRequest) =>
    call(chat({ createRoom }), { method: 'POST', path: '/chat/rooms/create/', ...sent });

  it('is read as JSON, also when the gateway encoded it in base64', async () => {
    const body = JSON.stringify({ room_name: 'général' });
    expect((await create({ body })).json.room_name).toBe('général');
    expect(
      (await create({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true })).json.room_name,
    ).toBe('général');
    expect(
      (await create({ body, headers: { 'content-type': 'Application/JSON; charset=utf-8' } })).status,
    ).toBe(201);
  });

  it.each([
    ['text that is not JSON', { body: '{secret-marker' }, 400, 'invalid_request'],
    ['no text', {}, 400, 'invalid_request'],
    ['an array', { body: '[]' }, 400, 'invalid_request'],
    [
      'another content type',
      { body: '{"room_name":"a"}', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'compressed data',
      {
        body: gzipSync('{"room_name":"a"}').toString('base64'),
        isBase64Encoded: true,
        headers: { 'content-encoding': 'gzip' },
      },
      415,
      'unsupported_media_type',
    ],
    [
      'another charset',
      { body: '{"room_name":"a"}', headers: { 'content-type': 'application/json; charset=utf-16' } },
      415,
      'unsupported_media_type',
    ],
    [
      'bytes that are not UTF-8',
      {
        body: Buffer.from('{"room_name":"a","description":"\xff"}', 'latin1').toString('base64'),
        isBase64Encoded: true,
      },
      400,
      'invalid_request',
    ],
    [
      'half of a surrogate pair',
      { body: '{"room_name":"a","description":"\\ud83d"}' },
      400,
      'invalid_request',
    ],
    ['an infinite number', { body: '{"room_name":1e999}' }, 400, 'invalid_request'],
    [
      'deeply nested arrays',
      { body: `{"room_name":${'['.repeat(30_000)}${']'.repeat(30_000)}}` },
      400,
      'invalid_request',
    ],
    ['too many bytes', { body: JSON.stringify({ room_name: 'a'.repeat(65_536) }) }, 413, 'payload_too_large'],
  ])('with %s in its body is refused', async (_, sent, status, code) => {
    const answer = await create(sent);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.text).not.toContain('secret-marker');
  });

  it.each(['"x": "secret-marker"', '"__proto__": {"is_private": true}', '"constructor": {"x": 1}'])(
    'reaches its handler without the unknown field %s',
    async (field) => {
      const createRoom = vi.fn<AnyHandler>(async () => ({ status: 201, body: room }));
      const sent = { method: 'POST', path: '/chat/rooms/create/', body: `{"room_name":"a",${field}}` };
      expect((await call(chat({ createRoom }), sent)).status).toBe(201);
      const { body } = createRoom.mock.calls[0]![0];
      expect(Object.getOwnPropertyNames(body)).toEqual(['room_name']);
      expect(body.is_private).toBeUndefined();
    },
  );

  it('is refused with every invalid field', async () => {
    const { json } = await create({ body: '{"room_name":"a b","is_private":"yes"}' });
    expect(json.errors.map(({ path }: { path: string }) => path)).toEqual(['room_name', 'is_private']);
  });

  it('may have no body when the body is optional', async () => {
    const leaveRoom: AnyHandler = async () => ({ status: 204 });
    const answer = await call(chat({ leaveRoom }), { method: 'POST', path: `/chat/rooms/${uuid(5)}/leave/` });
    expect([answer.status, answer.text]).toEqual([204, undefined]);
  });

  it('has its query validated', async () => {
    const listRooms = vi.fn<AnyHandler>(async () => ({ status: 200, body: [] }));
    expect((await call(chat({ listRooms }), { query: { limit: '0' } })).json.errors).toMatchObject([
      { path: 'limit' },
    ]);
    await call(chat({ listRooms }), { query: { limit: '7' } });
    expect(listRooms.mock.calls[0]?.[0].query.limit).toBe(7);
  });
});

describe('an access token of an ended session', () => {
  /** A lookup that answers when it is released. */
  const lookup = () => {
    let answer = (_isRevoked: boolean): void => {};
    const isRevoked = vi.fn(
      (_holder: TokenHolder) => new Promise<boolean>((resolve) => void (answer = resolve)),
    );
    return { isRevoked, release: (revoked: boolean) => answer(revoked) };
  };
  const opening = { method: 'POST', path: '/chat/rooms/create/', body: '{"room_name":"general"}' };

  it.each([
    ['a change', 'createRoom', opening],
    ['reading', 'listMyRooms', { path: '/chat/rooms/mine/' }],
    ['a GET that may create a room', 'openDirectRoom', { path: `/chat/dm/${uuid(2)}/` }],
  ] as const)('is refused for %s', async (_, name, sent) => {
    const handler = vi.fn<AnyHandler>(async () => ({ status: 200, body: [] }));
    const signedOut = { isRevoked: async ({ sessionId }: TokenHolder) => sessionId === ann.sessionId };
    const { status, json } = await call(chat({ [name]: handler }, signedOut), sent);
    expect([status, json.code]).toEqual([401, 'unauthorized']);
    expect(handler.mock.calls.length).toBe(name === 'listMyRooms' ? 1 : 0);
  });

  it('is looked up before a change starts', async () => {
    const { isRevoked, release } = lookup();
    const createRoom = vi.fn<AnyHandler>(async () => ({ status: 201, body: room }));
    const answer = call(chat({ createRoom }, { isRevoked }), opening);
    await vi.waitFor(() =>
      expect(isRevoked).toHaveBeenCalledWith(expect.objectContaining({ sessionId: ann.sessionId })),
    );
    expect(createRoom).not.toHaveBeenCalled();
    release(false);
    expect((await answer).status).toBe(201);
  });

  it('is looked up during a read, and refused even when the read fails', async () => {
    const { isRevoked, release } = lookup();
    const listMyRooms = vi.fn<AnyHandler>(() => Promise.reject(new ChatError('not_found')));
    const answer = call(chat({ listMyRooms }, { isRevoked }), { path: '/chat/rooms/mine/' });
    await vi.waitFor(() => expect(listMyRooms).toHaveBeenCalled());
    release(true);
    expect((await answer).status).toBe(401);
  });

  it('is not looked up for an operation that needs no token', async () => {
    const { isRevoked } = lookup();
    const listRooms: AnyHandler = async () => ({ status: 200, body: [] });
    expect((await call(chat({ listRooms }, { isRevoked }), {})).status).toBe(200);
    expect(isRevoked).not.toHaveBeenCalled();
  });
});

describe('a rate-limited operation', () => {
  it('is counted for its caller when its request is valid, and is not performed beyond the limit', async () => {
    spend.mockClear();
    const createTicket = vi.fn<AnyHandler>(async () => ({
      status: 200,
      body: { ticket: 't', expires_in: 30 },
    }));
    const ask = (body: string) =>
      call(chat({ createTicket }), { method: 'POST', path: '/chat/ws-ticket/', body });
    expect((await ask('{"room":"a b"}')).status).toBe(400);
    expect(spend).not.toHaveBeenCalled();
    expect((await ask('{}')).status).toBe(200);
    expect(spend).toHaveBeenCalledExactlyOnceWith('tickets', ann.userId);
    spend.mockRejectedValueOnce(new ChatError('rate_limited', { retryAfterMs: 100 }));
    const refused = await ask('{}');
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
    expect(createTicket).toHaveBeenCalledOnce();
  });

  it('cannot be served by a function without rates', () => {
    expect(() =>
      httpFunction('chat', {} as never, { tokens, revocations, budget, clock: manualClock() }),
    ).toThrow('rates');
  });
});

describe('a response', () => {
  it('links to the next page with the other parameters of the query', async () => {
    const listRooms: AnyHandler = async () => ({ status: 200, body: [], next: { cursor: 'a b' } });
    const { headers } = await call(chat({ listRooms }), { query: { limit: '7', cursor: 'old' } });
    expect(headers['link']).toBe('</chat/rooms/?limit=7&cursor=a+b>; rel="next"');
  });

  it.each([
    ['a success', {}],
    ['a refusal', { headers: { authorization: 'Bearer bad' } }],
    ['a failure', { path: '/chat/rooms/mine/' }],
    ['for an unknown path', { path: '/chat/nothing/' }],
  ] as const)(
    'that is %s has the headers against caching, sniffing, framing and running it',
    async (_, sent) => {
      const listRooms: AnyHandler = async () => ({ status: 200, body: [] });
      const secure = {
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
      };
      const plain = await call(chat({ listRooms }), sent);
      expect(plain.headers).toMatchObject(secure);
      expect(plain.headers).not.toHaveProperty('strict-transport-security');
      const headers = { ...('headers' in sent ? sent.headers : {}), 'x-forwarded-proto': 'https' };
      expect((await call(chat({ listRooms }), { ...sent, headers })).headers).toMatchObject({
        ...secure,
        'strict-transport-security': 'max-age=63072000',
      });
    },
  );

  it('that the contract does not allow is replaced by a 500 and logged', async () => {
    const wrong: AnyHandler = async () => ({ status: 200, body: [{ 'secret-marker': 'inside' }] });
    const answer = await call(chat({ listRooms: wrong }), {});
    expect(answer.json).toEqual({
      type: 'about:blank',
      title: 'Internal server error',
      status: 500,
      detail: 'The server could not complete the request. Try again later.',
      code: 'internal_error',
      request_id: 'request-1',
    });
    expect(logged.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect((await call(chat({ listRooms: async () => ({ status: 299 }) }), {})).status).toBe(500);
  });

  it('omits fields that the contract does not have', async () => {
    const leaky: AnyHandler = async () => ({
      status: 200,
      body: [{ ...room, password_hash: 'secret-marker' }],
    });
    expect((await call(chat({ listRooms: leaky }), {})).text).not.toContain('secret-marker');
  });
});

describe('an error', () => {
  const failing = (error: Error) =>
    chat({
      listRooms: async () => {
        throw error;
      },
    });

  it.each(Object.keys(errorCodes) as ErrorCode[])(
    '%s is a problem document with its status',
    async (code) => {
      const { status, headers, json } = await call(failing(new ChatError(code)), {});
      expect(status).toBe(errorCodes[code].status);
      expect(headers['content-type']).toBe('application/problem+json');
      expect(json).toEqual({
        type: 'about:blank',
        title: errorCodes[code].title,
        status,
        detail: errorCodes[code].detail,
        code,
        request_id: 'request-1',
      });
      expect(logged.at(-1)?.level).toBe(errorCodes[code].status >= 500 ? 'error' : 'info');
    },
  );

  it('has its retry delay in whole seconds', async () => {
    const { headers } = await call(failing(new ChatError('rate_limited', { retryAfterMs: 1_200 })), {});
    expect(headers['retry-after']).toBe('2');
  });

  it('that is not a ChatError is logged once, and the client receives no detail of it', async () => {
    const error = new Error('secret-marker');
    const { status, text } = await call(failing(error), {});
    expect(status).toBe(500);
    expect(text).not.toContain('secret-marker');
    expect(logged).toEqual([
      { level: 'error', text: 'Request failed', fields: expect.objectContaining({ error }) },
    ]);
  });
});
