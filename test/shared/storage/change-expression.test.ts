import { describe, expect, it } from 'vitest';
import { changeExpression } from '../../../shared/storage/change-expression.ts';

describe('an update expression', () => {
  it('has one placeholder for each attribute', () => {
    expect(changeExpression({ set: { name: 1, 'rooms.x.y': 2 }, add: { name: 3 } })).toEqual({
      expression: 'SET #n0 = :v0, #n1.#n2.#n3 = :v1 ADD #n0 :v2',
      names: { '#n0': 'name', '#n1': 'rooms', '#n2': 'x', '#n3': 'y' },
      values: { ':v0': 1, ':v1': 2, ':v2': 3 },
    });
  });

  it('keeps list indexes outside of the placeholders', () => {
    expect(changeExpression({ remove: ['seqs[0]', 'a.seqs[1][2]'] })).toEqual({
      expression: 'REMOVE #n0[0], #n1.#n0[1][2]',
      names: { '#n0': 'seqs', '#n1': 'a' },
      values: {},
    });
  });

  it('leaves out undefined values', () => {
    expect(changeExpression({ set: { a: undefined, b: null } }).expression).toBe('SET #n0 = :v0');
  });

  it('may set an attribute from the current value of another one', () => {
    const { expression } = changeExpression({
      increment: { last: { from: 'seq', by: 1 } },
      append: { seqs: [5] },
    });
    expect(expression).toBe(
      'SET #n0 = if_not_exists(#n1, :v0) + :v1, #n2 = list_append(if_not_exists(#n2, :v2), :v3)',
    );
  });
});
