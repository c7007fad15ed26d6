import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { authenticate, bearerToken } from '../../../shared/lambda/bearer.ts';
import { problemResponse } from '../../../shared/lambda/problem.ts';
import { socketFunction, type SocketResult } from '../../../shared/lambda/socket-function.ts';
import { clock, fingerprint, random } from '../../../shared/lambda/system.ts';
import { ann, start } from '../../kit/memory-chat/system.ts';
import { recordLog } from './recorded-log.ts';

const logged = recordLog();

const event = { requestContext: { connectionId: 'c1', requestId: 'r1', routeKey: '$connect' } };
const run = (handle: () => Promise<SocketResult>) =>
  socketFunction<typeof event>(handle, (error) => problemResponse(error, 'r1') as SocketResult)(event, {
    awsRequestId: 'i1',
    getRemainingTimeInMillis: () => 6,
  } as Context);

describe('a WebSocket function', () => {
  it('returns the result of its handler and writes one log line with the connection', async () => {
    expect(await run(async () => ({ statusCode: 200 }))).toEqual({ statusCode: 200 });
    const keys = { request_id: 'r1', invocation_id: 'i1', connection_id: 'c1', route: '$connect' };
    expect(logged).toEqual([{ level: 'info', text: expect.any(String), keys, fields: { status: 200 } }]);
  });

  it('answers a ChatError with its status and does not log it as an error', async () => {
    expect(await run(() => Promise.reject(new ChatError('forbidden')))).toMatchObject({ statusCode: 403 });
    expect(logged.map(({ level }) => level)).toEqual(['info']);
  });

  it('answers any other error with a 500 without details, and logs it once', async () => {
    const answer = await run(() => Promise.reject(new Error('secret-marker')));
    expect(answer.statusCode).toBe(500);
    expect(JSON.stringify(answer)).not.toContain('secret-marker');
    expect(logged.map(({ level }) => level)).toEqual(['error']);
  });

  it('does not answer before its handler has ended, even when its time is nearly over', async () => {
    let hasEnded = false;
    const handle = async (): Promise<SocketResult> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      hasEnded = true;
      return { statusCode: 200 };
    };
    expect(await run(handle)).toEqual({ statusCode: 200 });
    expect(hasEnded).toBe(true);
  });
});

describe('the Authorization header', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer  abc ', 'abc'],
    ['BEARER a.b.c', 'a.b.c'],
  ])('%j contains the token %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it('may be absent, but is refused in any other form', () => {
    expect(bearerToken(undefined)).toBeUndefined();
    for (const header of [
      '',
      'abc',
      'Basic abc',
      'Bearer',
      'Bearer a b',
      'Bearer a,Bearer b',
      'Bearer a,b',
      'Bearer a,',
    ]) {
      expect(() => bearerToken(header)).toThrow(expect.objectContaining({ code: 'unauthorized' }));
    }
  });

  it('is required for operations that need a token', async () => {
    const tokens = { verifyAccess: async () => ann };
    expect(await authenticate(tokens, undefined, { required: false, now: start })).toBeUndefined();
    expect(await authenticate(tokens, 'Bearer x', { required: true, now: start })).toEqual(ann);
    await expect(authenticate(tokens, undefined, { required: true, now: start })).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });
});

describe('the system', () => {
  it('provides the time, random values and fingerprints', () => {
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
    expect(new Set(Array.from({ length: 50 }, () => random.secret())).size).toBe(50);
    expect(random.secret()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(Array.from({ length: 200 }, () => random.integer(4)))).toEqual(new Set([0, 1, 2, 3]));
    expect([random.integer(1), random.integer(0)]).toEqual([0, 0]);
    expect(fingerprint('a')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(fingerprint('a')).not.toBe(fingerprint('b'));
  });
});
