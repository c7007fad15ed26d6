import { describe, expect, it, vi } from 'vitest';
import { acceptConnection } from '../../../functions/connect/accept-connection.ts';
import type { Dependencies } from '../../../functions/connect/dependencies.ts';
import { readHandshake, type ConnectEvent } from '../../../functions/connect/handshake.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { createTicket } from '../../../shared/domain/connections/tickets.ts';
import { openChat, roomId } from '../../kit/memory-chat/chat.ts';
import { ann, bob } from '../../kit/memory-chat/system.ts';

const event = (
  headers: Record<string, string> = {},
  queryStringParameters?: Record<string, string>,
): ConnectEvent =>
  ({
    headers,
    ...(queryStringParameters && { queryStringParameters }),
    requestContext: { connectionId: 'c1' },
  }) as ConnectEvent;

describe('reading a handshake', () => {
  it('takes the credential with the highest precedence', () => {
    const headers = { 'sec-websocket-protocol': 'chat.v1, ticket.abc', Authorization: 'Bearer access' };
    const query = { ticket: 'def', token: 'other' };
    const credential = (...args: Parameters<typeof event>) => readHandshake(event(...args)).credential;
    expect(credential(headers, query)).toEqual({ kind: 'ticket', ticket: 'abc' });
    expect(credential({ Authorization: 'Bearer access' }, query)).toEqual({ kind: 'ticket', ticket: 'def' });
    expect(credential({ Authorization: 'Bearer access' }, { token: 'other' })).toEqual({
      kind: 'token',
      token: 'access',
      fromQuery: false,
    });
    expect(credential({}, { token: 'other' })).toEqual({ kind: 'token', token: 'other', fromQuery: true });
    expect(credential()).toBeUndefined();
  });

  it.each(['Sec-WebSocket-Protocol', 'sec-websocket-protocol', 'SEC-WEBSOCKET-PROTOCOL'])(
    'finds %s whatever its case, and chooses a subprotocol only if it knows it',
    (name) => {
      expect(readHandshake(event({ [name]: 'other,chat.v1 , ticket.abc' }))).toMatchObject({
        subprotocol: 'chat.v1',
        credential: { ticket: 'abc' },
      });
      expect(readHandshake(event({ [name]: 'other' })).subprotocol).toBeUndefined();
    },
  );

  describe('with a header in several lines', () => {
    const inLines = (lines: Record<string, string[]>): ConnectEvent => ({
      ...event(Object.fromEntries(Object.entries(lines).map(([name, values]) => [name, values.at(-1)!]))),
      multiValueHeaders: lines,
    });
    const unauthorized = expect.objectContaining({ code: 'unauthorized' });

    it.each<[string, Record<string, string[]>]>([
      ['the ticket first', { 'Sec-WebSocket-Protocol': ['ticket.abc', 'chat.v1'] }],
      ['the ticket last', { 'Sec-WebSocket-Protocol': ['chat.v1', 'ticket.abc'] }],
      ['lists', { 'Sec-WebSocket-Protocol': ['a, ticket.abc', 'b,chat.v1'] }],
      ['two spellings', { 'Sec-WebSocket-Protocol': ['chat.v1'], 'sec-websocket-protocol': ['ticket.abc'] }],
    ])('reads every line of the subprotocols: %s', (_, lines) => {
      expect(readHandshake(inLines(lines))).toMatchObject({
        subprotocol: 'chat.v1',
        credential: { kind: 'ticket', ticket: 'abc' },
      });
    });

    it.each<[string, Record<string, string[]>]>([
      ['tickets', { 'Sec-WebSocket-Protocol': ['ticket.abc', 'ticket.def'] }],
      ['tickets in one line', { 'Sec-WebSocket-Protocol': ['ticket.abc, ticket.def'] }],
      ['access tokens', { Authorization: ['Bearer a', 'Bearer b'] }],
      ['access tokens in two spellings', { Authorization: ['Bearer a'], authorization: ['Bearer b'] }],
    ])('refuses two %s', (_, lines) => {
      expect(() => readHandshake(inLines(lines))).toThrow(unauthorized);
    });

    it.each(['ticket', 'token'])('refuses a query with two values of %s', (name) => {
      const twice = {
        ...event({}, { [name]: 'b' }),
        multiValueQueryStringParameters: { [name]: ['a', 'b'] },
      };
      expect(() => readHandshake(twice)).toThrow(unauthorized);
    });

    it('reports the origin of every line', () => {
      const lines = { Origin: ['https://chat.example', 'https://evil.example'] };
      expect(readHandshake(inLines(lines)).origins).toEqual(lines.Origin);
    });
  });

  it('returns defaults for query parameters that are absent', () => {
    expect(readHandshake(event()).query).toMatchObject({ history: 50, batch: false });
    expect(readHandshake(event({}, { room: 'général', after: '7', history: '0', batch: '1' })).query).toEqual(
      { room: 'général', after: 7, history: 0, batch: true, inbox: false },
    );
  });

  it('refuses an impossible room name as room_unavailable, and other parameters as invalid_request', () => {
    const code = (query: Record<string, string>) => {
      try {
        readHandshake(event({}, query));
        return undefined;
      } catch (error) {
        return (error as ChatError).code;
      }
    };
    expect([code({ room: 'a b' }), code({ room: '' }), code({ room: 'a#b' })]).toEqual(
      Array(3).fill('room_unavailable'),
    );
    const others: Record<string, string>[] = [
      { after: '-1' },
      { after: '' },
      { after: '1e3' },
      { after: '1.5' },
      { history: '' },
    ];
    for (const query of [...others, { history: '101' }, { batch: '2' }])
      expect(code(query)).toBe('invalid_request');
  });

  it('refuses a malformed Authorization header', () => {
    expect(() => readHandshake(event({ Authorization: 'Basic x' }))).toThrow(
      expect.objectContaining({ code: 'unauthorized' }),
    );
  });
});

async function accepting(settings: Partial<Dependencies['settings']> = {}) {
  const chat = await openChat({ isPrivate: true });
  const verifyAccess = vi.fn(async (token: string) => {
    const caller = { ann, bob }[token];
    if (caller === undefined) throw new ChatError('unauthorized');
    return caller;
  });
  const ports = {
    ...chat,
    tokens: { verifyAccess },
    settings: {
      mayCreateRooms: true,
      allowQueryToken: true,
      allowedOrigins: ['https://chat.example'],
      connectionsPerUser: 20,
      ...settings,
    },
  } as unknown as Dependencies;
  return { chat, ports };
}

const refusal = (code: string) => expect.objectContaining({ code });

describe('accepting a connection', () => {
  it('stores the connection with its user and the requested options', async () => {
    const { chat, ports } = await accepting();
    const headers = { Authorization: 'Bearer ann', 'Sec-WebSocket-Protocol': 'chat.v1' };
    const answer = await acceptConnection(ports, event(headers, { room: 'general', after: '3', batch: '1' }));
    expect(answer).toEqual({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'chat.v1' } });
    expect(chat.connections.all.get('c1')).toMatchObject({
      userId: ann.userId,
      after: 3,
      batch: true,
      rooms: { [roomId]: {} },
    });
  });

  it.each([
    ['without a credential', {}, {}, 'unauthorized'],
    ['with an invalid token', { Authorization: 'Bearer x' }, {}, 'unauthorized'],
    ['with an unknown ticket', {}, { ticket: 'x' }, 'unauthorized'],
    [
      'from a user who is not a member of the private room',
      { Authorization: 'Bearer bob' },
      { room: 'general' },
      'forbidden',
    ],
    [
      'from an origin that is not allowed',
      { Authorization: 'Bearer ann', Origin: 'https://evil.example' },
      {},
      'forbidden',
    ],
    ['from the origin null', { Authorization: 'Bearer ann', origin: 'null' }, {}, 'forbidden'],
    [
      'for a direct room that does not exist',
      { Authorization: 'Bearer ann' },
      { room: 'dm_x_y' },
      'not_found',
    ],
  ])('refuses a handshake %s', async (_, headers, query, code) => {
    const { chat, ports } = await accepting();
    await expect(acceptConnection(ports, event(headers, query))).rejects.toEqual(refusal(code));
    expect(chat.connections.all.size).toBe(0);
  });

  it('accepts a token in the query only when the setting allows it', async () => {
    const allowed = await accepting();
    await expect(acceptConnection(allowed.ports, event({}, { token: 'ann' }))).resolves.toMatchObject({
      statusCode: 200,
    });
    const { ports } = await accepting({ allowQueryToken: false });
    await expect(acceptConnection(ports, event({}, { token: 'ann' }))).rejects.toEqual(
      refusal('unauthorized'),
    );
  });

  it('refuses a handshake with several origins when any of them is not allowed', async () => {
    const { ports } = await accepting();
    const origins = ['https://chat.example', 'https://evil.example'];
    for (const lines of [origins, origins.toReversed()]) {
      const multiValueHeaders = { Authorization: ['Bearer ann'], Origin: lines };
      await expect(acceptConnection(ports, { ...event(), multiValueHeaders })).rejects.toEqual(
        refusal('forbidden'),
      );
    }
  });

  it('accepts an allowed origin, and any origin when all are allowed', async () => {
    const headers = { Authorization: 'Bearer ann', Origin: 'https://chat.example' };
    await expect(acceptConnection((await accepting()).ports, event(headers))).resolves.toMatchObject({
      statusCode: 200,
    });
    const { ports } = await accepting({ allowedOrigins: ['*'] });
    await expect(
      acceptConnection(ports, event({ ...headers, Origin: 'https://any.example' })),
    ).resolves.toMatchObject({ statusCode: 200 });
  });

  it('accepts a ticket only once', async () => {
    const { chat, ports } = await accepting();
    const { ticket } = await createTicket(chat, ann, undefined, {
      mayCreateRooms: true,
      connectionsPerUser: 0,
    });
    await expect(
      acceptConnection(ports, event({ 'Sec-WebSocket-Protocol': `chat.v1, ticket.${ticket}` })),
    ).resolves.toBeDefined();
    await expect(acceptConnection(ports, event({}, { ticket }))).rejects.toEqual(refusal('unauthorized'));
  });
});
