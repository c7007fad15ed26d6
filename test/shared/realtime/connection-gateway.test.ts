import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  openConnectionGateway,
  type ConnectionGateway,
} from '../../../shared/realtime/connection-gateway.ts';

/** The requests that the gateway has received, and its answers; `undefined` stands for no answer. */
const requests: { method: string | undefined; url: string | undefined; body: string }[] = [];
/** The sockets over which they came. */
let sockets: Socket[] = [];
let answers: ({ status: number; error?: string } | undefined)[] = [];
const hanging = new Set<ServerResponse>();

const gateway = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    requests.push({ method: request.method, url: request.url, body });
    sockets.push(request.socket);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === undefined) hanging.add(response);
    else if (answer.status === 0) request.socket.destroy();
    else
      response
        .writeHead(answer.status, answer.error === undefined ? {} : { 'x-amzn-ErrorType': answer.error })
        .end();
  });
});
await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
const { port } = gateway.address() as AddressInfo;
afterAll(() => {
  gateway.closeAllConnections();
  gateway.close();
});

const warn = vi.fn();
const settings = {
  region: 'us-east-1',
  credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
  clock: { now: () => Date.now() },
  // Retries follow at once, without a pause.
  random: { integer: () => 0 },
  logger: { warn },
  metrics: { add: () => undefined },
};
let posting: ConnectionGateway;

beforeEach(() => {
  requests.length = 0;
  sockets = [];
  hanging.clear();
  posting = openConnectionGateway(`http://127.0.0.1:${port}/stage`, settings);
});
afterEach(() => {
  vi.restoreAllMocks();
  warn.mockClear();
});

const gone = { status: 410, error: 'GoneException' };

describe('post', () => {
  it('posts to the connection, with its id encoded', async () => {
    answers = [{ status: 200 }];
    expect(await posting.post('BFaT_fALIAMCKug=', '{"a":"é"}')).toBe('sent');
    expect(requests).toEqual([
      { method: 'POST', url: '/stage/@connections/BFaT_fALIAMCKug%3D', body: '{"a":"é"}' },
    ]);
  });

  it('returns gone for a connection that does not exist, without a warning', async () => {
    answers = [gone];
    expect(await posting.post('c', 'x')).toBe('gone');
    expect([requests.length, warn.mock.calls.length]).toEqual([1, 0]);
  });

  it.each([{ status: 429, error: 'LimitExceededException' }, { status: 500 }, { status: 503 }])(
    'tries again after %j',
    async (failure) => {
      answers = [failure, { status: 200 }];
      expect(await posting.post('c', 'x')).toBe('sent');
      expect(requests).toHaveLength(2);
    },
  );

  it('returns failed after three failures, and logs a warning without the frame', async () => {
    answers = [{ status: 500 }];
    expect(await posting.post('c', 'secret-marker')).toBe('failed');
    expect(requests).toHaveLength(3);
    expect(warn).toHaveBeenCalledOnce();
    expect(JSON.stringify(warn.mock.calls)).not.toContain('secret-marker');
  });

  it.each([
    { status: 403, error: 'ForbiddenException' },
    { status: 413, error: 'PayloadTooLargeException' },
  ])('does not try again after %j', async (refusal) => {
    answers = [refusal];
    expect(await posting.post('c', 'x')).toBe('failed');
    expect(requests).toHaveLength(1);
  });

  it('gives up a post that hangs after three tries of 900 ms', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    answers = [undefined];
    const outcome = posting.post('c', 'x');
    for (let tries = 1; tries <= 3; tries += 1) {
      while (hanging.size < tries) await new Promise(setImmediate);
      await vi.advanceTimersByTimeAsync(899);
      expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
      expect(requests).toHaveLength(tries);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(await outcome).toBe('failed');
    vi.useRealTimers();
  });

  it('ends a post that hangs at the time of its caller, and does not try again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    answers = [undefined];
    const outcome = posting.post('c', 'x', Date.now() + 500);
    while (hanging.size < 1) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(499);
    expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe('failed');
    expect(requests).toHaveLength(1);
    vi.useRealTimers();
  });

  it('sends nothing when the time of its caller is over', async () => {
    answers = [{ status: 200 }];
    expect(await posting.post('c', 'x', Date.now())).toBe('failed');
    expect(requests).toEqual([]);
  });

  it('ends the last try at three seconds, whatever the pauses were', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const random = { integer: (below: number) => below - 1 };
    posting = openConnectionGateway(`http://127.0.0.1:${port}/stage`, { ...settings, random });
    answers = [undefined];
    const outcome = posting.post('c', 'x');
    for (const [tries, untilNextMs] of [
      [1, 900 + 199],
      [2, 900 + 399],
      [3, 602 - 1],
    ] as const) {
      while (hanging.size < tries) await new Promise(setImmediate);
      await vi.advanceTimersByTimeAsync(untilNextMs);
    }
    expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe('failed');
    vi.useRealTimers();
  });

  it('tries again over a fresh socket after a post that hangs, though others are idle', async () => {
    answers = [{ status: 200 }];
    await Promise.all([posting.post('c', 'x'), posting.post('c', 'x'), posting.post('c', 'x')]);
    const used = new Set(sockets);
    expect(used.size).toBe(3);
    answers = [undefined, { status: 200 }];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const outcome = posting.post('c', 'x');
    while (hanging.size === 0) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(900);
    vi.useRealTimers();
    expect(await outcome).toBe('sent');
    expect([used.has(sockets[3]!), used.has(sockets[4]!)]).toEqual([true, false]);
  });

  it('ends only once the whole response has arrived, so that its socket is idle', async () => {
    answers = [undefined];
    const outcome = posting.post('c', 'x');
    while (hanging.size === 0) await new Promise(setImmediate);
    const [response] = hanging;
    response?.writeHead(200, { 'content-length': 2 }).write('{');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
    response?.end('}');
    expect(await outcome).toBe('sent');
  });

  it('counts a frame as sent when the response breaks off after its head', async () => {
    answers = [undefined];
    const outcome = posting.post('c', 'x');
    while (hanging.size === 0) await new Promise(setImmediate);
    const [response] = hanging;
    response?.writeHead(200, { 'content-length': 2 }).write('{');
    await new Promise((resolve) => setTimeout(resolve, 50));
    response?.destroy();
    expect(await outcome).toBe('sent');
  });

  it('tries again after a broken connection', async () => {
    answers = [{ status: 0 }, { status: 200 }];
    expect(await posting.post('c', 'x')).toBe('sent');
    expect(requests).toHaveLength(2);
  });

  it('returns failed when no server listens, without rejecting', async () => {
    posting = openConnectionGateway('http://127.0.0.1:1/stage', settings);
    expect(await posting.post('c', 'x')).toBe('failed');
    expect(warn).toHaveBeenCalledOnce();
  });

  it('returns failed without credentials, without rejecting', async () => {
    const credentials = () => Promise.reject(new Error('there are none'));
    posting = openConnectionGateway(`http://127.0.0.1:${port}/stage`, { ...settings, credentials });
    expect(await posting.post('c', 'x')).toBe('failed');
    expect(requests).toHaveLength(0);
  });

  it('fetches the credentials again when they could not be fetched for the first post', async () => {
    answers = [{ status: 200 }];
    const credentials = vi.fn(settings.credentials).mockRejectedValueOnce(new Error('no answer'));
    posting = openConnectionGateway(`http://127.0.0.1:${port}/stage`, { ...settings, credentials });
    expect([await posting.post('c', 'x'), await posting.post('c', 'x')]).toEqual(['sent', 'sent']);
    expect(credentials).toHaveBeenCalledTimes(2);
  });

  it('reuses its connection', async () => {
    const connections = new Set<unknown>();
    const count = (socket: unknown): void => void connections.add(socket);
    gateway.on('connection', count);
    answers = [{ status: 200 }];
    for (let sent = 0; sent < 20; sent += 1) await posting.post('c', 'x');
    gateway.off('connection', count);
    expect(connections.size).toBe(1);
  });
});

describe('close', () => {
  it('closes the connection, and accepts that it is gone', async () => {
    answers = [{ status: 204 }, gone];
    await posting.close('c');
    await posting.close('c');
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Array(2).fill('DELETE /stage/@connections/c'),
    );
    expect(warn).not.toHaveBeenCalled();
  });

  it('logs a warning when it fails, since the lease ends the connection', async () => {
    answers = [{ status: 403, error: 'ForbiddenException' }];
    await posting.close('c');
    expect(warn).toHaveBeenCalledOnce();
  });

  it('tries again when the gateway throttles or fails', async () => {
    answers = [{ status: 429 }, { status: 500 }, { status: 204 }];
    await posting.close('c');
    expect(requests).toHaveLength(3);
    expect(warn).not.toHaveBeenCalled();
  });
});
