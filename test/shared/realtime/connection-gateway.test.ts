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

const gone = { status: 410, error: 'GoneException' };

describe('post', () => {
  it('posts to the connection, with its id encoded', async () => {
    api.answers = [{ status: 200 }];
    expect(await posting.post('BFaT_fALIAMCKug=', '{"a":"é"}')).toBe('sent');
    expect(api.requests).toEqual([
      { method: 'POST', url: '/stage/@connections/BFaT_fALIAMCKug%3D', body: '{"a":"é"}' },
    ]);
  });

  it('returns gone for a connection that does not exist, without a warning', async () => {
    api.answers = [gone];
    expect(await posting.post('c', 'x')).toBe('gone');
    expect([api.requests.length, api.warn.mock.calls.length]).toEqual([1, 0]);
  });

  it.each([{ status: 429, error: 'LimitExceededException' }, { status: 500 }, { status: 503 }])(
    'tries again after %j',
    async (failure) => {
      api.answers = [failure, { status: 200 }];
      expect(await posting.post('c', 'x')).toBe('sent');
      expect(api.requests).toHaveLength(2);
    },
  );

  it('returns failed after three failures, and logs a warning without the frame', async () => {
    api.answers = [{ status: 500 }];
    expect(await posting.post('c', 'secret-marker')).toBe('failed');
    expect(api.requests).toHaveLength(3);
    expect(api.warn).toHaveBeenCalledOnce();
    expect(JSON.stringify(api.warn.mock.calls)).not.toContain('secret-marker');
  });

  it.each([
    { status: 403, error: 'ForbiddenException' },
    { status: 413, error: 'PayloadTooLargeException' },
  ])('does not try again after %j', async (refusal) => {
    api.answers = [refusal];
    expect(await posting.post('c', 'x')).toBe('failed');
    expect(api.requests).toHaveLength(1);
  });

  it('sends nothing when the time of its caller is over', async () => {
    api.answers = [{ status: 200 }];
    expect(await posting.post('c', 'x', Date.now())).toBe('failed');
    expect(api.requests).toEqual([]);
  });

  it('tries again after a broken connection', async () => {
    api.answers = [{ status: 0 }, { status: 200 }];
    expect(await posting.post('c', 'x')).toBe('sent');
    expect(api.requests).toHaveLength(2);
  });

  it('returns failed when no server listens, without rejecting', async () => {
    posting = openConnectionGateway('http://127.0.0.1:1/stage', api.settings);
    expect(await posting.post('c', 'x')).toBe('failed');
    expect(api.warn).toHaveBeenCalledOnce();
  });

  it('returns failed without credentials, without rejecting', async () => {
    const credentials = () => Promise.reject(new Error('there are none'));
    posting = openConnectionGateway(api.url, { ...api.settings, credentials });
    expect(await posting.post('c', 'x')).toBe('failed');
    expect(api.requests).toHaveLength(0);
  });

  it('fetches the credentials again when they could not be fetched for the first post', async () => {
    api.answers = [{ status: 200 }];
    const credentials = vi.fn(api.settings.credentials).mockRejectedValueOnce(new Error('no answer'));
    posting = openConnectionGateway(api.url, { ...api.settings, credentials });
    expect([await posting.post('c', 'x'), await posting.post('c', 'x')]).toEqual(['sent', 'sent']);
    expect(credentials).toHaveBeenCalledTimes(2);
  });

  it('reuses its connection', async () => {
    const connections = new Set<unknown>();
    const count = (socket: unknown): void => void connections.add(socket);
    api.server.on('connection', count);
    api.answers = [{ status: 200 }];
    for (let sent = 0; sent < 20; sent += 1) await posting.post('c', 'x');
    api.server.off('connection', count);
    expect(connections.size).toBe(1);
  });
});

describe('close', () => {
  it('closes the connection, and accepts that it is gone', async () => {
    api.answers = [{ status: 204 }, gone];
    await posting.close('c');
    await posting.close('c');
    expect(api.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Array(2).fill('DELETE /stage/@connections/c'),
    );
    expect(api.warn).not.toHaveBeenCalled();
  });

  it('logs a warning when it fails, since the lease ends the connection', async () => {
    api.answers = [{ status: 403, error: 'ForbiddenException' }];
    await posting.close('c');
    expect(api.warn).toHaveBeenCalledOnce();
  });

  it('tries again when the gateway throttles or fails', async () => {
    api.answers = [{ status: 429 }, { status: 500 }, { status: 204 }];
    await posting.close('c');
    expect(api.requests).toHaveLength(3);
    expect(api.warn).not.toHaveBeenCalled();
  });
});
