import { describe, expect, it } from 'vitest';
import { addCounts, countOf, isShown, type Counts } from './harness/scenario.ts';

const counts: Counts = { done: { sent: 3, voidEntries: 0 }, wrong: { lost: 1, missed: 0 } };

describe('a count', () => {
  it('is read by its name, zero included', () => {
    expect([countOf(counts.done, 'sent'), countOf(counts.done, 'voidEntries')]).toEqual([3, 0]);
  });

  it('cannot be read by a name that the scenario does not report', () => {
    expect(() => countOf(counts.done, 'filled')).toThrow(
      'There is no count "filled" among sent, voidEntries',
    );
  });

  it('is added up over parts, by name', () => {
    expect(addCounts([counts, counts])).toEqual({
      done: { sent: 6, voidEntries: 0 },
      wrong: { lost: 2, missed: 0 },
    });
  });
});

describe('a defect', () => {
  it('is shown by a count above zero, and not by zero', () => {
    expect([isShown(counts, 'lost'), isShown(counts, 'missed')]).toEqual([true, false]);
  });

  it('cannot be shown by a count that the scenario does not report', () => {
    expect(() => isShown(counts, 'doubled')).toThrow('There is no count "doubled"');
  });
});
