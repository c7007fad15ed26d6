import { describe, expect, it } from 'vitest';
import { eventually } from '../../kit/eventually.ts';
import { useRuntime } from './started-runtime.ts';

const { faults, rule, api, keysOf, fresh, runtime } = useRuntime();

describe('a call of the database', () => {
  it.each([
    ['before', 1, []],
    ['after', 1, ['STEP#1']],
    ['before', 2, ['STEP#1']],
    ['after', 2, ['STEP#1', 'STEP#2']],
    ['before', 3, ['STEP#1', 'STEP#2']],
    ['after', 3, ['STEP#1', 'STEP#2', 'STEP#3']],
  ])(
    'kills its function %s it is performed, at call number %i of the invocation',
    async (phase, nth, left) => {
      const pk = fresh();
      await rule({
        point: 'database',
        action: 'kill',
        match: { function: 'api', operation: 'PutItem', phase, nth },
      });
      expect(await api('steps', { pk, steps: 3 })).toMatchObject({ status: 500 });
      await faults('DELETE');
      // The killed function does not continue in the background.
      expect(await api('steps', { pk: fresh(), steps: 3 })).toMatchObject({ body: ['done', 'done', 'done'] });
      expect(await keysOf(pk)).toEqual(left);
    },
  );

  it('is counted separately for each invocation, and only when the rule matches it', async () => {
    const pk = fresh();
    await rule({
      point: 'database',
      action: 'fail',
      match: { contains: pk, operation: 'PutItem', nth: 2 },
    });
    const expected = { body: ['done', 'InternalServerError', 'done'] };
    expect(await api('steps', { pk, steps: 3 })).toMatchObject(expected);
    expect(await api('add', { pk })).toMatchObject({ body: 'done' });
    expect(await api('steps', { pk, steps: 3 })).toMatchObject(expected);
  });

  it('makes the invocation fail with Runtime.ExitError when it kills the function', async () => {
    await rule({ point: 'database', action: 'kill', match: { function: 'stream' } });
    const name = runtime().stack.functions.find(({ logicalId }) =>
      logicalId.startsWith('stream'),
    )!.functionName;
    const { body } = await api('invoke', { name, payload: '{"note":"lost"}' });
    expect(body).toEqual({ error: 'Unhandled', payload: expect.stringContaining('Runtime.ExitError') });
  });

  it('has the same faults when the same calls are repeated under the same rules', async () => {
    const run = async (): Promise<string[]> => {
      await faults('DELETE');
      await rule({ point: 'database', action: 'fail', probability: 0.5, match: { operation: 'PutItem' } });
      return (await api('steps', { pk: fresh(), steps: 30 })).body;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set(['done', 'InternalServerError']));
    expect(await run()).toEqual(first);
  });

  it('fails before it is performed with the error of the rule', async () => {
    const pk = fresh();
    await rule({
      point: 'database',
      action: 'fail',
      error: 'ProvisionedThroughputExceededException',
      count: 1,
    });
    const { body } = await api('steps', { pk, steps: 2 });
    expect(body).toEqual(['ProvisionedThroughputExceededException', 'done']);
    expect(await keysOf(pk)).toEqual(['STEP#2']);
  });

  it('fails after it was performed, and the SDK retries it', async () => {
    const pk = fresh();
    await rule({
      id: 'lost',
      point: 'database',
      action: 'fail',
      match: { phase: 'after', contains: pk },
      count: 2,
    });
    expect(await api('steps', { pk, steps: 1, patient: true })).toMatchObject({ body: ['done'] });
    expect((await faults('GET')).body.rules).toMatchObject([{ id: 'lost', matched: 3, fired: 2 }]);
    expect(await keysOf(pk)).toEqual(['STEP#1']);
  });

  it('fails like a transaction that conflicts with another one', async () => {
    const pk = fresh();
    await rule({ point: 'database', action: 'fail', error: 'TransactionCanceledException', count: 1 });
    expect((await api('transact', { pk })).body).toEqual({
      name: 'TransactionCanceledException',
      codes: ['TransactionConflict', 'None'],
    });
    expect(await keysOf(pk)).toEqual([]);
  });

  it.each([
    ['before', []],
    ['after', ['STEP#1']],
  ])('is dropped %s it is performed, which cuts the connection of the function', async (phase, left) => {
    const pk = fresh();
    await rule({ point: 'database', action: 'drop', match: { contains: pk, phase, operation: 'PutItem' } });
    const { body } = await api('steps', { pk, steps: 1 });
    expect(body).toEqual([expect.not.stringMatching('done')]);
    expect(await keysOf(pk)).toEqual(left);
  });

  it('is performed twice when it is duplicated', async () => {
    const pk = fresh();
    await rule({ point: 'database', action: 'duplicate', match: { operation: 'UpdateItem' } });
    expect(await api('add', { pk })).toMatchObject({ body: 'done' });
    const { body } = await api('list', { pk });
    expect(body).toEqual([{ pk: { S: pk }, sk: { S: 'COUNT' }, hits: { N: '2' } }]);
  });

  it.each(['before', 'after'])('is delayed %s it is performed', async (phase) => {
    await rule({ point: 'database', action: 'delay', delayMs: 150, match: { operation: 'PutItem', phase } });
    const startedAtMs = performance.now();
    expect(await api('steps', { pk: fresh(), steps: 2 })).toMatchObject({ body: ['done', 'done'] });
    expect(performance.now() - startedAtMs).toBeGreaterThan(295);
  });

  it('is not performed when its function is killed during the delay', async () => {
    const pk = fresh();
    await rule(
      { id: 'slow', point: 'database', action: 'delay', delayMs: 1_500, match: { contains: pk } },
      { point: 'invoke', action: 'kill', delayMs: 800, match: { contains: pk } },
    );
    expect(await api('steps', { pk, steps: 1 })).toMatchObject({ status: 500 });
    await eventually(async () => expect((await faults('GET')).body.rules[0]).toMatchObject({ fired: 1 }));
    await faults('DELETE');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await keysOf(pk)).toEqual([]);
  });
});

describe('the database process', () => {
  it.each([
    ['before', []],
    ['after', ['STEP#1']],
  ])('dies %s a call, which fails, and serves the next call with all stored data', async (phase, left) => {
    const [pk, stored] = [fresh(), fresh()];
    await api('steps', { pk: stored, steps: 20 });
    const before = runtime().engine.pid();
    await rule({ point: 'engine', action: 'kill', match: { contains: pk, phase }, count: 1 });
    const { body } = await api('steps', { pk, steps: 1 });
    expect(body).toEqual([expect.not.stringMatching('done')]);
    await eventually(() => expect(runtime().engine.pid()).not.toBe(before));
    expect(await keysOf(stored)).toHaveLength(20);
    expect(await keysOf(pk)).toEqual(left);
  });

  it('can be killed repeatedly by an immediate action without losing acknowledged writes', async () => {
    const pk = fresh();
    let done = 0;
    let failed = 0;
    for (let round = 0; round < 8; round += 1) {
      const writing = api('steps', { pk: `${pk}-${round}`, steps: 40 });
      expect(await faults('POST', { point: 'engine', action: 'kill' }, '/now')).toMatchObject({
        body: { affected: 1 },
      });
      const outcomes: string[] = (await writing).body;
      const kept = await keysOf(`${pk}-${round}`);
      const answered = outcomes.flatMap((outcome, step) => (outcome === 'done' ? `STEP#${step + 1}` : []));
      expect(kept).toEqual(expect.arrayContaining(answered));
      done += answered.length;
      failed += outcomes.length - answered.length;
    }
    expect(done).toBeGreaterThan(0);
    expect(failed).toBeGreaterThan(0);
  });
});
