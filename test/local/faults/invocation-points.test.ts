import { describe, expect, it } from 'vitest';
import { eventually } from '../../kit/eventually.ts';
import { useRuntime } from './started-runtime.ts';

const { faults, rule, api, keysOf, seenOf, open, fresh, runtime } = useRuntime();

const stream = (): string =>
  runtime().stack.functions.find(({ logicalId }) => logicalId.startsWith('stream'))!.functionName;
const emit = (note: string) =>
  api('invoke', { name: stream(), type: 'Event', payload: JSON.stringify({ note }) });

const seen = async (note: string): Promise<number> =>
  (await seenOf('events')).filter((other) => other === note).length;
const put = (pk: string, sk: string) => api('put', { pk, sk });

describe('an invocation by a route', () => {
  it.each([
    ['before', 0],
    ['after', 2],
  ])('fails %s the function runs', async (phase, stored) => {
    const pk = fresh();
    await rule({
      point: 'invoke',
      action: 'fail',
      match: { function: 'api', phase, contains: pk },
      count: 1,
    });
    expect(await api('steps', { pk, steps: 2 })).toEqual({
      status: 500,
      body: { message: 'Internal Server Error' },
    });
    expect(await keysOf(pk)).toHaveLength(stored);
  });

  it('fails with a status as if the function had returned it', async () => {
    await rule({
      point: 'invoke',
      action: 'fail',
      status: 503,
      error: 'busy',
      match: { route: 'ANY /api/{proxy+}' },
    });
    expect(await api('steps')).toEqual({ status: 503, body: { message: 'busy' } });
    await rule({ point: 'invoke', action: 'fail', status: 429, match: { route: '$connect' } });
    await expect(open()).rejects.toThrow('429');
  });

  it('is delayed', async () => {
    const { webSocket, frames } = await open();
    await rule({
      point: 'invoke',
      action: 'delay',
      delayMs: 1_500,
      match: { route: '$default', contains: 'slow' },
    });
    webSocket.send('slow');
    webSocket.send('quick');
    await eventually(() => expect(frames).toEqual(['received quick', 'received slow']));
  });

  it('is dropped, so that the function never receives $disconnect', async () => {
    const { connectionId, webSocket, closed } = await open();
    await rule({ id: 'lost', point: 'invoke', action: 'drop', match: { route: '$disconnect' } });
    webSocket.close();
    await closed;
    await eventually(async () => expect((await faults('GET')).body.rules).toMatchObject([{ fired: 1 }]));
    expect(await keysOf(connectionId)).toEqual(['$connect']);
  });

  it('is killed after the delay of the rule', async () => {
    const pk = fresh();
    await rule(
      { point: 'database', action: 'delay', delayMs: 200, match: { contains: pk } },
      { point: 'invoke', action: 'kill', delayMs: 1_200, match: { contains: pk } },
    );
    expect(await api('steps', { pk, steps: 10 })).toMatchObject({ status: 500 });
    await faults('DELETE');
    const stored = await keysOf(pk);
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.length).toBeLessThan(10);
  });

  it('runs twice when it is duplicated', async () => {
    const pk = fresh();
    await rule({ point: 'invoke', action: 'duplicate', match: { contains: pk }, count: 1 });
    expect(await api('add', { pk })).toMatchObject({ status: 200 });
    await eventually(async () =>
      expect((await api('list', { pk })).body).toMatchObject([{ hits: { N: '2' } }]),
    );
  });

  it('is killed at once by an immediate action', async () => {
    const pk = fresh();
    await rule({ point: 'database', action: 'delay', delayMs: 5_000, match: { contains: pk } });
    const running = api('steps', { pk, steps: 1 });
    await eventually(async () => expect((await faults('GET')).body.rules).toMatchObject([{ fired: 1 }]));
    const kill = { point: 'invoke', action: 'kill', match: { function: 'api' } };
    expect((await faults('POST', kill, '/now')).body).toEqual({ affected: 1 });
    expect(await running).toMatchObject({ status: 500 });
  });
});

describe('an invocation by another function', () => {
  it('fails for the caller', async () => {
    await rule({ point: 'invoke', action: 'fail', error: 'Broken', match: { function: 'stream' } });
    const { body } = await api('invoke', { name: stream(), payload: '{"note":"x"}' });
    expect(body).toEqual({ error: 'Unhandled', payload: expect.stringContaining('Broken') });
  });
});

describe('an asynchronous invocation', () => {
  it('runs twice when it is duplicated', async () => {
    const note = fresh();
    await rule({ point: 'async', action: 'duplicate', match: { contains: note }, count: 1 });
    await emit(note);
    await eventually(async () => expect(await seen(note)).toBe(2));
  });

  it.each([
    ['before', 1],
    ['after', 2],
  ])('fails %s the function runs, and is retried', async (phase, times) => {
    const note = fresh();
    await rule({
      point: 'async',
      action: 'fail',
      match: { function: 'stream', contains: note, phase },
      count: 1,
    });
    await emit(note);
    await eventually(async () => expect(await seen(note)).toBe(times));
  });

  it('is killed and retried', async () => {
    const note = fresh();
    await rule({ id: 'kill', point: 'async', action: 'kill', match: { contains: note }, count: 1 });
    await emit(note);
    await eventually(async () =>
      expect((await faults('GET')).body.rules).toMatchObject([{ matched: 2, fired: 1 }]),
    );
    // The function may have stored the note just before its environment was killed, and does so again on the retry.
    await eventually(async () => expect(await seen(note)).toBeGreaterThanOrEqual(1));
  });

  it('is overtaken by a later one when it is delayed', async () => {
    const [slow, quick] = [fresh(), fresh()];
    await rule({ point: 'async', action: 'delay', delayMs: 2_000, match: { contains: slow } });
    await emit(slow);
    await emit(quick);
    await eventually(async () => expect(await seen(slow)).toBe(1));
    const all = await seenOf('events');
    expect(all.indexOf(quick)).toBeLessThan(all.indexOf(slow));
  });
});

describe('a batch of stream records', () => {
  it.each([
    ['before', 1],
    ['after', 2],
  ])('fails %s the function runs, and is delivered again', async (phase, times) => {
    const pk = fresh();
    await rule({
      point: 'stream',
      action: 'fail',
      match: { function: 'stream', phase, contains: pk },
      count: 1,
    });
    await put(pk, 'NOTE');
    await eventually(async () =>
      expect(await seenOf(pk)).toEqual(Array.from({ length: times }, () => 'NOTE')),
    );
  });

  it('is delivered twice when it is duplicated', async () => {
    const pk = fresh();
    await rule({ point: 'stream', action: 'duplicate', match: { contains: pk }, count: 1 });
    await put(pk, 'NOTE');
    await eventually(async () => expect(await seenOf(pk)).toEqual(['NOTE', 'NOTE']));
  });

  it('is delivered late when it is delayed', async () => {
    const pk = fresh();
    await rule({ point: 'stream', action: 'delay', delayMs: 400, match: { contains: pk } });
    const startedAtMs = performance.now();
    await put(pk, 'NOTE');
    await eventually(async () => expect(await seenOf(pk)).toEqual(['NOTE']));
    expect(performance.now() - startedAtMs).toBeGreaterThan(395);
  });

  it('is delivered again when its function is killed at a database call', async () => {
    const pk = fresh();
    await rule({
      id: 'midway',
      point: 'database',
      action: 'kill',
      match: { function: 'stream', contains: `seen ${pk}`, phase: 'after' },
      count: 1,
    });
    await put(pk, 'NOTE');
    await eventually(async () => expect(await seenOf(pk)).toEqual(['NOTE', 'NOTE']));
    expect((await faults('GET')).body.rules).toMatchObject([{ id: 'midway', fired: 1 }]);
  });

  it('is delivered again when its function is killed as soon as it starts', async () => {
    const pk = fresh();
    await rule({ point: 'stream', action: 'kill', match: { contains: pk }, count: 1 });
    await put(pk, 'NOTE');
    await eventually(async () => expect(await seenOf(pk)).toEqual(['NOTE']));
  });

  it('is delivered in a different order when it is reordered', async () => {
    const pk = fresh();
    const sorts = Array.from({ length: 8 }, (_, index) => `NOTE#${index}`);
    // The first record is delayed, so that the others arrive in one batch.
    await rule(
      { point: 'stream', action: 'delay', delayMs: 2_000, count: 1, match: { contains: 'NOTE#first' } },
      { point: 'stream', action: 'reorder', seed: 7, match: { contains: pk } },
    );
    await put(fresh(), 'NOTE#first');
    for (const sk of sorts) await put(pk, sk);
    await eventually(async () => expect(await seenOf(pk)).toHaveLength(8));
    const seen = await seenOf(pk);
    expect(seen).not.toEqual(sorts);
    expect(seen.toSorted()).toEqual(sorts);
  });
});
