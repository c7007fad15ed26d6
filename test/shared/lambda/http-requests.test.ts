import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { ann, uuid } from '../../kit/memory-chat/system.ts';
import { type AnyHandler, type SentRequest, call, chat, room } from './chat-function.ts';
import { recordLog } from './recorded-log.ts';

recordLog();

const supported = (allow: string | undefined): string[] | undefined => allow?.split(', ').sort();

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
