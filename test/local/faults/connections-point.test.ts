import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../../kit/eventually.ts';
import { useRuntime } from './started-runtime.ts';

const { faults, rule, api, keysOf, open, runtime } = useRuntime();

describe('a post to a connection', () => {
  it.each([
    [410, 'GoneException'],
    [429, 'LimitExceededException'],
    [403, 'ForbiddenException'],
    [503, 'InternalServerErrorException'],
  ])('fails with %i, which the SDK reports as %s, and is not delivered', async (status, error) => {
    const { connectionId, frames } = await open();
    await rule({ point: 'connections', action: 'fail', status, count: 1, match: { method: 'POST' } });
    expect((await api('post', { connectionId, frames: ['one', 'two'] })).body).toEqual([error, 'done']);
    await eventually(() => expect(frames).toEqual(['two']));
  });

  it('fails after its delivery when the rule has the phase after', async () => {
    const { connectionId, frames } = await open();
    await rule({ point: 'connections', action: 'fail', match: { phase: 'after', connectionId } });
    const { body } = await api('post', { connectionId, frames: ['one'] });
    expect(body).toEqual(['InternalServerErrorException']);
    await eventually(() => expect(frames).toEqual(['one']));
  });

  it('is matched by its content, its socket and its position in the invocation', async () => {
    const [mine, other] = await Promise.all([open(), open()]);
    await rule(
      { point: 'connections', action: 'fail', status: 410, match: { contains: 'bad' } },
      {
        point: 'connections',
        action: 'fail',
        status: 429,
        match: { connectionId: mine.connectionId, nth: 3 },
      },
    );
    const frames = ['good', 'bad news', 'good', 'good'];
    const posted = await Promise.all(
      [mine, other].map(({ connectionId }) => api('post', { connectionId, frames })),
    );
    expect(posted.map(({ body }) => body)).toEqual([
      ['done', 'GoneException', 'done', 'LimitExceededException'],
      ['done', 'GoneException', 'done', 'done'],
    ]);
  });

  it('is delivered late when it is delayed beyond the timeout of its caller', async () => {
    const { connectionId, frames } = await open();
    await rule({ point: 'connections', action: 'delay', delayMs: 2_000, count: 1 });
    const { body } = await api('post', { connectionId, frames: ['slow', 'quick'], timeoutMs: 200 });
    expect(body).toEqual(['AbortError', 'done']);
    await eventually(() => expect(frames).toEqual(['quick', 'slow']));
  });

  it('is lost when it is dropped, although it is answered with success', async () => {
    const { connectionId, frames } = await open();
    await rule({ point: 'connections', action: 'drop', count: 1 });
    expect((await api('post', { connectionId, frames: ['lost', 'kept'] })).body).toEqual(['done', 'done']);
    await eventually(() => expect(frames).toEqual(['kept']));
  });

  it('is delivered twice when it is duplicated', async () => {
    const { connectionId, frames } = await open();
    await rule({ point: 'connections', action: 'duplicate', count: 1 });
    await api('post', { connectionId, frames: ['a', 'b'] });
    await eventually(() => expect(frames).toEqual(['a', 'a', 'b']));
  });

  it('is delivered after the next post to the same socket when it is reordered, or alone after a delay', async () => {
    const [mine, other] = await Promise.all([open(), open()]);
    await rule({ point: 'connections', action: 'reorder', delayMs: 2_500, match: { contains: 'first' } });
    await api('post', { connectionId: mine.connectionId, frames: ['first'] });
    await api('post', { connectionId: other.connectionId, frames: ['first'] });
    await api('post', { connectionId: mine.connectionId, frames: ['second', 'third'] });
    await eventually(() => expect(mine.frames).toEqual(['second', 'first', 'third']));
    expect(other.frames).toEqual([]);
    await eventually(() => expect(other.frames).toEqual(['first']));
  });

  it.each([
    ['before', []],
    ['after', ['one']],
  ])('kills its function %s its delivery', async (phase, arrived) => {
    const { connectionId, frames } = await open();
    await rule({ point: 'connections', action: 'kill', match: { phase, connectionId } });
    expect(await api('post', { connectionId, frames: ['one', 'two'] })).toMatchObject({ status: 500 });
    await faults('DELETE');
    await api('post', { connectionId, frames: ['end'] });
    await eventually(() => expect(frames).toEqual([...arrived, 'end']));
  });
});

describe('other calls of @connections', () => {
  it('are matched by their method', async () => {
    const { connectionId, webSocket, closed } = await open();
    await rule({ point: 'connections', action: 'fail', status: 429, match: { method: 'GET' } });
    expect((await api('describe', { connectionId })).body).toBe('LimitExceededException');
    await rule({ point: 'connections', action: 'drop', count: 1, match: { method: 'DELETE' } });
    expect((await api('close', { connectionId })).body).toBe('done');
    expect(webSocket.readyState).toBe(webSocket.OPEN);
    expect((await api('close', { connectionId })).body).toBe('done');
    expect(await closed).toBe(1000);
  });
});

describe('a socket', () => {
  it.each([
    ['drop', ['$connect']],
    ['kill', ['$connect', '$disconnect']],
  ])('is dropped by the action %s without a close frame, after which %j have run', async (action, left) => {
    const { connectionId, webSocket, closed } = await open();
    await rule({ point: 'socket', action, match: { event: 'receive', contains: 'bye' } });
    webSocket.send('bye');
    expect(await closed).toBe(1006);
    await eventually(async () => expect((await keysOf(connectionId)).toSorted()).toEqual(left));
    expect((await api('post', { connectionId, frames: ['?'] })).body).toEqual(['GoneException']);
    expect(await keysOf(connectionId)).toHaveLength(left.length);
  });

  it('is dropped while a frame is posted to it, although the post is answered with success', async () => {
    const { connectionId, frames, closed } = await open();
    await rule({ point: 'socket', action: 'drop', match: { event: 'send', connectionId } });
    expect((await api('post', { connectionId, frames: ['x', 'y'] })).body).toEqual(['done', 'GoneException']);
    expect(await closed).toBe(1006);
    expect(frames).toEqual([]);
  });

  it('is dropped as soon as it has opened when the rule matches the event open', async () => {
    await rule({ point: 'socket', action: 'kill', match: { event: 'open' }, count: 1 });
    const webSocket = new WebSocket(`${runtime().webSocketUrl}/local`);
    const [code] = (await once(webSocket, 'close')) as number[];
    expect(code).toBe(1006);
    expect((await faults('GET')).body.rules).toMatchObject([{ matched: 1, fired: 1 }]);
  });

  it('is dropped by an immediate action that chooses sockets at random from a seed', async () => {
    const clients = await Promise.all(Array.from({ length: 12 }, open));
    const cut = { point: 'socket', action: 'drop', probability: 0.5, seed: 'half' };
    const { body } = await faults('POST', cut, '/now');
    expect(body.affected).toBeGreaterThan(1);
    expect(body.affected).toBeLessThan(11);
    await eventually(() =>
      expect(clients.filter(({ webSocket }) => webSocket.readyState === webSocket.CLOSED)).toHaveLength(
        body.affected,
      ),
    );
    const rest = await faults('POST', { point: 'socket', action: 'kill' }, '/now');
    expect(rest.body.affected).toBe(12 - body.affected);
    expect(runtime().gateway.connectionCount()).toBe(0);
  });
});

describe('the scale', () => {
  it('shortens the time limits of open sockets, and can be reset', async () => {
    const { closed } = await open();
    expect((await faults('GET')).body.scale).toBe(1);
    expect(await faults('POST', { scale: 6_000 }, '/scale')).toMatchObject({
      status: 200,
      body: { scale: 6_000 },
    });
    expect(await closed).toBe(1001);
    await faults('POST', { scale: 1 }, '/scale');
    const { webSocket } = await open();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(webSocket.readyState).toBe(webSocket.OPEN);
  });
});
