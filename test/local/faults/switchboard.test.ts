import { describe, expect, it } from 'vitest';
import { pointNames } from '../../../local/faults/points.ts';
import { ruleSchema, type Rule } from '../../../local/faults/rule.ts';
import { createSwitchboard, type Occurrence } from '../../../local/faults/switchboard.ts';

const schema = ruleSchema({
  points: pointNames,
  functionNamed: (name) => name,
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

/** Which of so many calls meet the fault of the rules. */
function pattern(seed: string, rules: object[], calls = 200): string {
  const board = createSwitchboard(seed);
  board.add(rules.map(rule));
  return Array.from({ length: calls }, () => (board.decide(call()).before.fault ? 'x' : '.')).join('');
}

describe('the same schedule of calls', () => {
  const half = [{ probability: 0.5 }];

  it('meets the same faults from the same seed, of the run or of the rule', () => {
    expect(pattern('a', half)).toBe(pattern('a', half));
    expect(pattern('a', [{ probability: 0.5, seed: 9 }])).toBe(pattern('b', [{ probability: 0.5, seed: 9 }]));
  });

  it('meets others from another seed', () => {
    expect(new Set(['a', 'b', 'c', 'a1', 'a2'].map((seed) => pattern(seed, half))).size).toBe(5);
    expect(pattern('a', [{ probability: 0.5, seed: 1 }])).not.toBe(
      pattern('a', [{ probability: 0.5, seed: 2 }]),
    );
  });

  it('meets the same again after all rules were ended and put in force anew', () => {
    const board = createSwitchboard('a');
    const run = (): string[] => {
      board.add([rule({ probability: 0.3 })]);
      const met = Array.from({ length: 50 }, () => (board.decide(call()).before.fault ? 'x' : '.'));
      board.clear();
      return met;
    };
    expect(run()).toEqual(run());
  });

  it('meets them whatever passes other points meanwhile', () => {
    const board = createSwitchboard('a');
    board.add([rule({ probability: 0.5 })]);
    const met = Array.from({ length: 200 }, () => {
      board.decide(call({ point: 'engine' }));
      board.decide(call({ point: 'connections', fields: { method: 'POST' } }));
      return board.decide(call()).before.fault ? 'x' : '.';
    });
    expect(met.join('')).toBe(pattern('a', half));
  });

  it('meets a fault about as often as the rule says', () => {
    const met = pattern('a', [{ probability: 0.3 }], 10_000).replaceAll('.', '').length;
    expect(met).toBeGreaterThan(2_800);
    expect(met).toBeLessThan(3_200);
  });
});

describe('a rule', () => {
  it('lets the first calls pass, and ends after its count', () => {
    expect(pattern('a', [{ after: 3, count: 2 }], 8)).toBe('...xx...');
  });

  it('with a count fires where it would fire without', () => {
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
  ])('that matches %j chooses a put of message by all that it says: %s', (match, chosen) => {
    expect(pattern('a', [{ match }], 1)).toBe(chosen ? 'x' : '.');
  });

  it('counts the nth call of each invocation, among those that it chooses', () => {
    const board = createSwitchboard('a');
    board.add([rule({ match: { operation: 'PutItem', nth: 2 } })]);
    const [one, other] = [{}, {}];
    const met = [
      call({ invocation: one }),
      call({ invocation: one, fields: { operation: 'GetItem' } }),
      call({ invocation: other }),
      call({ invocation: one }),
      call({ invocation: one }),
      call({ invocation: other }),
      call(),
    ].map((occurrence) => board.decide(occurrence).before.fault !== undefined);
    expect(met).toEqual([false, false, false, true, false, true, false]);
    expect(board.rules()).toMatchObject([{ matched: 2, fired: 2 }]);
  });

  it('of probability 0 counts what passes, and does nothing', () => {
    const board = createSwitchboard('a');
    board.add([rule({ probability: 0 })]);
    for (let made = 0; made < 5; made += 1) expect(board.decide(call()).before.fault).toBeUndefined();
    expect(board.rules()).toMatchObject([{ id: 'rule-1', matched: 5, fired: 0 }]);
  });
});

describe('several rules', () => {
  it('add up their delays, until one fires that is more than a delay', () => {
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
    // What has failed before it was done has no time after it.
    expect(after).toEqual({ delayMs: 0 });
    expect(board.rules().map(({ matched }) => matched)).toEqual([2, 1, 2, 2, 1, 1]);
  });

  it('take ids that nobody has, and end one by one', () => {
    const board = createSwitchboard('a');
    board.add([rule({ id: 'rule-1' }), rule({}), rule({ id: 'mine' })]);
    expect(board.rules().map(({ id }) => id)).toEqual(['rule-1', 'rule-2', 'mine']);
    expect(board.remove('rule-2')).toBe(true);
    expect(board.remove('rule-2')).toBe(false);
    expect(board.rules().map(({ id }) => id)).toEqual(['rule-1', 'mine']);
  });
});
