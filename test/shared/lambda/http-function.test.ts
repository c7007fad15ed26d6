import { describe, expect, it, vi } from 'vitest';
import { errorCodes, type ErrorCode } from '../../../shared/contract/errors.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { httpFunction } from '../../../shared/lambda/http-function.ts';
import { ann, manualClock } from '../../kit/memory-chat/system.ts';
import { recordLog } from './recorded-log.ts';
import { type AnyHandler, budget, call, chat, revocations, room, spend, tokens } from './chat-function.ts';

const logged = recordLog();

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

it('does not answer before the handler has ended, even when its time is nearly over', async () => {
  let hasEnded = false;
  const slow = chat({
    listRooms: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      hasEnded = true;
      return { status: 204 };
    },
  });
  await call(slow, {});
  expect(hasEnded).toBe(true);
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
      expect.objectContaining({
        level: 'error',
        text: 'Request failed',
        fields: expect.objectContaining({ error }),
      }),
    ]);
  });
});
