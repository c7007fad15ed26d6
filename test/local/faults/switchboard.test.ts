import { describe, expect, it } from 'vitest';
import { pointNames } from '../../../local/faults/points.ts';
import { ruleSchema, type Rule } from '../../../local/faults/rule.ts';
import { createSwitchboard, type Occurrence } from '../../../local/faults/switchboard.ts';

const schema = ruleSchema({
  points: pointNames,
  resolveFunction: (name) => name,
  functions: ['message', 'stream'],
  routes: ['$connect', '$default'],
});
const rule = (text: object): Rule => schema.parse({ point: 'database', action: 'fail', ...text });

function call(changed: Partial<Occurrence> = {}): Occurrence {
  return {
    point: 'database',
    fields: { operation: 'PutItem', function: 'message' },
    text: () => 'text',
    ...changed,
  };
}

/** Returns which of a number of calls get a fault, as `x`, and which do not, as `.`. */
function pattern(seed: string, rules: object[], calls = 200): string {
  const board = createSwitchboard(seed);
  board.add(rules.map(rule));
  return Array.from({ length: calls }, () => (board.decide(call()).before.fault ? 'x' : '.')).join('');
}

describe('the same sequence of calls', () => {
  const half = [{ probability: 0.5 }];

  it('gets the same faults with the same seed of the run or of the rule', () => {
    expect(pattern('a', half)).toBe(pattern('a', half));
    expect(pattern('a', [{ probability: 0.5, seed: 9 }])).toBe(pattern('b', [{ probability: 0.5, seed: 9 }]));
  });

  it('gets other faults with another seed', () => {
    expect(new Set(['a', 'b', 'c', 'a1', 'a2'].map((seed) => pattern(seed, half))).size).toBe(5);
    expect(pattern('a', [{ probability: 0.5, seed: 1 }])).not.toBe(
      pattern('a', [{ probability: 0.5, seed: 2 }]),
    );
  });

  it('gets the same faults again after all rules were removed and added again', () => {
    const board = createSwitchboard('a');
    const run = (): string[] => {
      board.add([rule({ probability: 0.3 })]);
      const results = Array.from({ length: 50 }, () => (board.decide(call()).before.fault ? 'x' : '.'));
      board.clear();
      return results;
    };
    expect(run()).toEqual(run());
  });

  it('gets the same faults regardless of calls at other points', () => {
    const board = createSwitchboard('a');
    board.add([rule({ probability: 0.5 })]);
    const results = Array.from({ length: 200 }, () => {
      board.decide(call({ point: 'engine' }));
      board.decide(call({ point: 'connections', fields: { method: 'POST' } }));
      return board.decide(call()).before.fault ? 'x' : '.';
    });
    expect(results.join('')).toBe(pattern('a', half));
  });

  it('gets a fault about as often as the probability of the rule says', () => {
    const results = pattern('a', [{ probability: 0.3 }], 10_000).replaceAll('.', '').length;
    expect(results).toBeGreaterThan(2_800);
    expect(results).toBeLessThan(3_200);
  });
});

describe('a rule', () => {
  it('skips the first calls and ends after its count', () => {
    expect(pattern('a', [{ after: 3, count: 2 }], 8)).toBe('...xx...');
  });

  it('with a count fires at the same calls as without, until the count is reached', () => {
    const [all, some] = [[{ probability: 0.5 }], [{ probability: 0.5, count: 5 }]].map((rules) =>
      pattern('a', rules),
    );
    const end = some!.lastIndexOf('x') + 1;
    expect(some!.slice(0, end)).toBe(all!.slice(0, end));
    expect(some!.replaceAll('.', '')).toHaveLength(5);
  });

  it.each([
    [{ operation: 'PutItem' }, true],
    [{ operation: 'GetItem' }, false],
    [{ function: 'message' }, true],
    [{ function: 'stream' }, false],
    [{ contains: 'ex' }, true],
    [{ contains: 'axe' }, false],
    [{ operation: 'PutItem', function: 'stream' }, false],
    [{}, true],
  ])('with the match %j applies to a PutItem of message: %s', (match, applies) => {
    expect(pattern('a', [{ match }], 1)).toBe(applies ? 'x' : '.');
  });

  it('with nth counts the calls that it matches in each invocation', () => {
    const board = createSwitchboard('a');
    board.add([rule({ match: { operation: 'PutItem', nth: 2 } })]);
    const [one, other] = [{}, {}];
    const results = [
      call({ invocation: one }),
      call({ invocation: one, fields: { operation: 'GetItem' } }),
      call({ invocation: other }),
      call({ invocation: one }),
      call({ invocation: one }),
      call({ invocation: other }),
      call(),
    ].map((occurrence) => board.decide(occurrence).before.fault !== undefined);
    expect(results).toEqual([false, false, false, true, false, true, false]);
    expect(board.rules()).toMatchObject([{ matched: 2, fired: 2 }]);
  });

  it('with probability 0 counts matches but never fires', () => {
    const board = createSwitchboard('a');
    board.add([rule({ probability: 0 })]);
    for (let count = 0; count < 5; count += 1) expect(board.decide(call()).before.fault).toBeUndefined();
    expect(board.rules()).toMatchObject([{ id: 'rule-1', matched: 5, fired: 0 }]);
  });
});

describe('several rules', () => {
  it('add up their delays until a rule with another action fires', () => {
    const board = createSwitchboard('a');
    board.add(
      [
        { action: 'delay', delayMs: 10 },
        { action: 'delay', delayMs: 5, match: { phase: 'after' } },
        { action: 'delay', delayMs: 20 },
        { action: 'fail', error: 'First', after: 1 },
        { action: 'fail', error: 'Second', after: 1 },
        { action: 'delay', delayMs: 40 },
      ].map(rule),
    );
    expect(board.decide(call())).toEqual({ before: { delayMs: 70 }, after: { delayMs: 5 } });
    const { before, after } = board.decide(call());
    expect(before).toMatchObject({ delayMs: 30, fault: { action: 'fail', error: 'First' } });
    // A call that fails before it is performed has no phase after.
    expect(after).toEqual({ delayMs: 0 });
    expect(board.rules().map(({ matched }) => matched)).toEqual([2, 1, 2, 2, 1, 1]);
  });

  it('get unused ids and can be removed one by one', () => {
    const board = createSwitchboard('a');
    board.add([rule({ id: 'rule-1' }), rule({}), rule({ id: 'mine' })]);
    expect(board.rules().map(({ id }) => id)).toEqual(['rule-1', 'rule-2', 'mine']);
    expect(board.remove('rule-2')).toBe(true);
    expect(board.remove('rule-2')).toBe(false);
    expect(board.rules().map(({ id }) => id)).toEqual(['rule-1', 'mine']);
  });
});
