import { describe, expect, it } from 'vitest';
import { createTokenBucket } from '../../../local/gateway/token-bucket.ts';
import { openSocket, send, signed } from './clients.ts';
import { startGateway } from './started-gateway.ts';

describe('the token bucket', () => {
  it('allows its burst at once, then the rate, and never accumulates more than the burst', () => {
    let now = 0;
    const take = createTokenBucket(10_000, 5_000, () => now);
    const takeAll = (): number => {
      let count = 0;
      while (take()) count += 1;
      return count;
    };
    expect(takeAll()).toBe(5_000);
    now += 100;
    expect(takeAll()).toBe(1_000);
    now += 60_000;
    expect(takeAll()).toBe(5_000);
  });
});

describe("above the account's request rate", () => {
  const limits = { requestsPerSecond: 0.001, requestBurst: 3 };

  it('an HTTP request is answered with 429 and calls no function', async () => {
    const { port, calls } = await startGateway({ limits });
    for (const status of [200, 200, 200, 429]) expect((await send(port, '/')).status).toBe(status);
    expect((await send(port, '/')).body).toBe('{"message":"Too Many Requests"}');
    expect(calls).toHaveLength(3);
  });

  it('a message is answered with an error frame, and a post with LimitExceededException', async () => {
    const { ws, port, called, calls } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    for (const text of ['one', 'two', 'three', 'four']) client.send(text);
    const { connectionId } = (await called('$connect')).requestContext;
    expect(await client.nextJson()).toMatchObject({ message: 'Too Many Requests', connectionId });
    const path = `/local/@connections/${encodeURIComponent(connectionId)}`;
    expect(await send(port, path, { method: 'POST', headers: signed, body: 'x' })).toMatchObject({
      status: 429,
      headers: { 'x-amzn-errortype': 'LimitExceededException' },
    });
    expect(calls.filter(({ functionId }) => functionId === '$default')).toHaveLength(3);
  });

  it('HTTP requests, messages and posts count together', async () => {
    const { ws, port, called } = await startGateway({ limits });
    const client = await openSocket(`${ws}/local`);
    const { connectionId } = (await called('$connect')).requestContext;
    client.send('one');
    await called('$default');
    const post = { method: 'POST', headers: signed, body: 'x' };
    const path = `/local/@connections/${encodeURIComponent(connectionId)}`;
    expect((await send(port, path, post)).status).toBe(200);
    expect((await send(port, '/')).status).toBe(200);
    expect((await send(port, '/')).status).toBe(429);
  });
});
