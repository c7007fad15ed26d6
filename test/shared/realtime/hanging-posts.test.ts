import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  openConnectionGateway,
  type ConnectionGateway,
} from '../../../shared/realtime/connection-gateway.ts';
import { startConnectionsApi } from './connections-api.ts';

const api = await startConnectionsApi();
afterAll(() => api.close());

let posting: ConnectionGateway;
beforeEach(() => {
  api.reset();
  posting = openConnectionGateway(api.url, api.settings);
});

describe('a post that hangs', () => {
  it('gives up a post that hangs after three tries of 900 ms', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    api.answers = [undefined];
    const outcome = posting.post('c', 'x');
    for (let tries = 1; tries <= 3; tries += 1) {
      while (api.hanging.size < tries) await new Promise(setImmediate);
      await vi.advanceTimersByTimeAsync(899);
      expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
      expect(api.requests).toHaveLength(tries);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(await outcome).toBe('failed');
    vi.useRealTimers();
  });

  it('ends a post that hangs at the time of its caller, and does not try again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    api.answers = [undefined];
    const outcome = posting.post('c', 'x', Date.now() + 500);
    while (api.hanging.size < 1) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(499);
    expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe('failed');
    expect(api.requests).toHaveLength(1);
    vi.useRealTimers();
  });

  it('ends the last try at three seconds, whatever the pauses were', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const random = { integer: (below: number) => below - 1 };
    posting = openConnectionGateway(api.url, { ...api.settings, random });
    api.answers = [undefined];
    const outcome = posting.post('c', 'x');
    for (const [tries, untilNextMs] of [
      [1, 900 + 199],
      [2, 900 + 399],
      [3, 602 - 1],
    ] as const) {
      while (api.hanging.size < tries) await new Promise(setImmediate);
      await vi.advanceTimersByTimeAsync(untilNextMs);
    }
    expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe('failed');
    vi.useRealTimers();
  });

  it('tries again over a fresh socket after a post that hangs, though others are idle', async () => {
    api.answers = [{ status: 200 }];
    await Promise.all([posting.post('c', 'x'), posting.post('c', 'x'), posting.post('c', 'x')]);
    const used = new Set(api.sockets);
    expect(used.size).toBe(3);
    api.answers = [undefined, { status: 200 }];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const outcome = posting.post('c', 'x');
    while (api.hanging.size === 0) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(900);
    vi.useRealTimers();
    expect(await outcome).toBe('sent');
    expect([used.has(api.sockets[3]!), used.has(api.sockets[4]!)]).toEqual([true, false]);
  });

  it('ends only once the whole response has arrived, so that its socket is idle', async () => {
    api.answers = [undefined];
    const outcome = posting.post('c', 'x');
    while (api.hanging.size === 0) await new Promise(setImmediate);
    const [response] = api.hanging;
    response?.writeHead(200, { 'content-length': 2 }).write('{');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await Promise.race([outcome, Promise.resolve('waiting')])).toBe('waiting');
    response?.end('}');
    expect(await outcome).toBe('sent');
  });

  it('counts a frame as sent when the response breaks off after its head', async () => {
    api.answers = [undefined];
    const outcome = posting.post('c', 'x');
    while (api.hanging.size === 0) await new Promise(setImmediate);
    const [response] = api.hanging;
    response?.writeHead(200, { 'content-length': 2 }).write('{');
    await new Promise((resolve) => setTimeout(resolve, 50));
    response?.destroy();
    expect(await outcome).toBe('sent');
  });
});
