import { describe, expect, it } from 'vitest';
import { openFaults } from '../../../local/faults/faults.ts';
import { useRuntime } from './started-runtime.ts';

const { faults, rule, api, fresh, runtime } = useRuntime({ faults: 'a seed' });

describe('GET /_local/faults', () => {
  it('returns the seed, the functions and every point with its actions', async () => {
    const { status, body } = await faults('GET');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      seed: 'a seed',
      scale: 1,
      functions: ['api', 'socket', 'stream'],
      rules: [],
    });
    expect(body.points.map(({ point }: { point: string }) => point)).toEqual([
      'database',
      'engine',
      'connections',
      'invoke',
      'async',
      'stream',
      'secrets',
      'storage',
      'events',
      'environment',
      'socket',
    ]);
  });

  it('returns how often each rule matched and fired', async () => {
    const pk = fresh();
    await rule({
      id: 'second',
      point: 'database',
      action: 'fail',
      after: 1,
      count: 1,
      match: { contains: pk },
    });
    await api('steps', { pk, steps: 3 });
    expect((await faults('GET')).body.rules).toEqual([
      {
        id: 'second',
        point: 'database',
        action: 'fail',
        after: 1,
        count: 1,
        probability: 1,
        match: { contains: pk },
        matched: 3,
        fired: 1,
      },
    ]);
  });
});

describe('POST /_local/faults', () => {
  it('accepts one rule or an array, and returns the added rules', async () => {
    const one = await faults('POST', { point: 'socket', action: 'drop', probability: 0 });
    expect(one).toMatchObject({ status: 200, body: { rules: [{ id: 'rule-1', matched: 0, fired: 0 }] } });
    const logicalId = runtime().stack.functions[0]!.logicalId;
    const two = await faults('POST', [
      { id: 'x', point: 'invoke', action: 'fail', match: { function: logicalId, route: '$connect' } },
      { point: 'async', action: 'duplicate' },
    ]);
    expect(two.body.rules).toMatchObject([{ id: 'x', match: { function: 'api' } }, { id: 'rule-2' }]);
  });

  const good = { point: 'database', action: 'fail' };
  it.each<[string, unknown, string, string | RegExp]>([
    ['no point', { action: 'fail' }, 'point', /"database"\|"engine"\|"connections"/],
    ['an unknown point', { ...good, point: 'databse' }, 'point', /"database"/],
    ['no action', { point: 'database' }, 'action', /"fail"\|"delay"/],
    ['an unknown action', { ...good, action: 'explode' }, 'action', /"fail"\|"delay"/],
    [
      'an action that the point does not support',
      { ...good, action: 'reorder' },
      'action',
      'The point database does not support reorder, only fail, delay, drop, duplicate, kill, hang.',
    ],
    ['an unknown field', { ...good, probabilty: 1 }, 'probabilty', 'This field does not exist.'],
    [
      'an unknown field in match',
      { ...good, match: { user: 1 } },
      'match.user',
      'This field does not exist.',
    ],
    [
      'a field by which the point cannot be matched',
      { ...good, match: { route: '$connect' } },
      'match.route',
      'The point database can be matched only by function, operation, phase, nth, contains.',
    ],
    [
      'an unknown function',
      { ...good, match: { function: 'chat' } },
      'match.function',
      /api, socket, stream/,
    ],
    ['an unknown operation', { ...good, match: { operation: 'Put' } }, 'match.operation', /"PutItem"/],
    ['an unknown phase', { ...good, match: { phase: 'during' } }, 'match.phase', /"before"\|"after"/],
    [
      'a phase that the action does not support',
      { ...good, action: 'duplicate', match: { phase: 'after' } },
      'match.phase',
      'At database, duplicate supports only the phase before.',
    ],
    [
      'an unknown route',
      { point: 'invoke', action: 'fail', match: { route: 'x' } },
      'match.route',
      /connect/,
    ],
    ['an nth of 0', { ...good, match: { nth: 0 } }, 'match.nth', />=1/],
    ['a probability above 1', { ...good, probability: 1.1 }, 'probability', /<=1/],
    ['a probability that is a string', { ...good, probability: '1' }, 'probability', /number/],
    ['a count of 0', { ...good, count: 0 }, 'count', />=1/],
    ['a negative after', { ...good, after: -1 }, 'after', />=0/],
    ['a seed that is a list', { ...good, seed: [] }, 'seed', /Invalid/],
    ['a delay without delayMs', { ...good, action: 'delay' }, 'delayMs', /milliseconds/],
    ['a delay of a day', { ...good, action: 'delay', delayMs: 86_400_000 }, 'delayMs', /<=900000/],
    ['a status below 400', { ...good, status: 200 }, 'status', />=400/],
    [
      'a status for another action than fail',
      { ...good, action: 'kill', status: 500 },
      'status',
      'Only the action fail has a status.',
    ],
    [
      'an error for another action than fail',
      { ...good, action: 'drop', error: 'X' },
      'error',
      'Only the action fail has an error.',
    ],
    [
      'a status at a point without one',
      { point: 'stream', action: 'fail', status: 500 },
      'status',
      /no status/,
    ],
    ['an error that is not a name', { ...good, error: 'a b' }, 'error', /error type/],
    ['an id with a space', { ...good, id: 'a b' }, 'id', /id/],
    ['an invalid rule in an array', [good, { ...good, count: 0 }], '1.count', />=1/],
    [
      'two rules with the same id',
      [
        { ...good, id: 'a' },
        { ...good, id: 'a' },
      ],
      'id',
      'A rule with the id a already exists.',
    ],
    ['an empty array', [], '', />=1/],
    ['a value that is not an object', 'null', '', /object/],
  ])('rejects %s and names the field', async (_what, body, path, message) => {
    const answer = await faults('POST', body);
    expect(answer).toMatchObject({
      status: 400,
      type: 'application/problem+json',
      body: { type: 'about:blank', title: 'Bad Request', status: 400 },
    });
    const errors: { path: string; message: string }[] = answer.body.errors;
    const named = errors.find((error) => error.path === path);
    expect(named?.message).toMatch(message);
    expect(answer.body.detail).toContain(named?.message);
    expect((await faults('GET')).body.rules).toEqual([]);
  });

  it.each([
    ['', '{', 400, 'The body is not valid JSON'],
    ['/scale', '{"scale":0}', 400, 'scale: '],
    ['/scale', '{}', 400, 'scale: '],
    ['/now', '{"point":"stream","action":"kill"}', 400, 'point: '],
    ['/now', '{"point":"engine","action":"drop"}', 400, 'action: '],
    ['/now', '{"point":"invoke","action":"kill","match":{"function":"none"}}', 400, 'match.function: '],
    ['/now', '{"point":"socket","action":"drop","after":1}', 400, 'after: '],
    ['', `"${'x'.repeat(1024 * 1024)}"`, 413, 'larger than'],
  ])('%s rejects %.60s with %i', async (path, body, status, detail) => {
    const answer = await faults('POST', body, path);
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { status } });
    expect(answer.body.detail).toContain(detail);
  });
});

describe('DELETE /_local/faults', () => {
  it('removes one rule or all rules', async () => {
    await rule({ id: 'a', point: 'socket', action: 'drop' }, { id: 'b', point: 'socket', action: 'drop' });
    expect(await faults('DELETE', undefined, '/a')).toMatchObject({ status: 204 });
    expect((await faults('GET')).body.rules).toMatchObject([{ id: 'b' }]);
    expect(await faults('DELETE', undefined, '/a')).toMatchObject({ status: 404 });
    expect(await faults('DELETE')).toMatchObject({ status: 204 });
    expect((await faults('GET')).body.rules).toEqual([]);
  });
});

describe('other requests', () => {
  it('are answered with 405 and the supported methods on a path of the API', async () => {
    const response = await fetch(`${runtime().url}/_local/faults`, { method: 'PUT' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST, DELETE');
  });

  it('are answered with 404 on other paths', async () => {
    expect((await fetch(`${runtime().url}/_local/other`)).status).toBe(404);
  });
});

it('openFaults rejects when the runtime did not start the database engine', async () => {
  const { stack } = runtime();
  const engine = { endpoint: 'http://127.0.0.1:1', pid: () => undefined, kill: () => Promise.resolve(false) };
  await expect(openFaults({ stack, engine, seed: true, parts: {} })).rejects.toThrow('DYNAMODB_ENDPOINT');
});
