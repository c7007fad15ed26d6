import { describe, expect, it } from 'vitest';
import { bounds, keeps } from './bounds.ts';
import { createReport, tableLines } from './report.ts';

describe('a report', () => {
  it('returns figures by name, without those that could not be measured', () => {
    const report = createReport(() => undefined);
    report.figure('a.b', 2);
    report.figure('a.c', undefined);
    report.figure('a.d', Number.NaN);
    expect(report.figures()).toEqual({ 'a.b': 2 });
  });

  it('marks each figure that has a bound with whether it keeps the bound', () => {
    const printed: string[] = [];
    const report = createReport((line) => printed.push(line));
    report.figure('operations.message.room10.write_units', 5);
    report.figure('conversation.sockets_opened_per_second', 100);
    report.figure('something.else', 1);
    report.printBounds();
    const lines = printed.map((line) => line.replaceAll(/ +/g, ' '));
    expect(lines).toContain('| operations.message.room10.write_units | 5 | ≤ 4 | over |');
    expect(lines).toContain('| conversation.sockets_opened_per_second | 100 | ≥ 100 | ok |');
    expect(lines.join()).not.toContain('something.else');
  });

  it('marks a bound as missing when its section ran without its figure, and omits bounds of other sections', () => {
    const printed: string[] = [];
    const report = createReport((line) => printed.push(line));
    report.figure('price.total', 1);
    report.printBounds();
    const lines = printed.map((line) => line.replaceAll(/ +/g, ' '));
    expect(lines).toContain('| price.room10.over_gateway | | ≤ 1.25 | missing |');
    expect(lines.join()).not.toContain('operations.');
  });

  it('prints tables whose columns are as wide as their longest cell', () => {
    expect(tableLines(['what', 'n'], [['a longer name', 1_234.5], ['b']])).toEqual([
      '| what          |       n |',
      '| ------------- | ------: |',
      '| a longer name | 1,234.5 |',
      '| b             |         |',
    ]);
  });
});

describe('a bound', () => {
  it('is kept by a figure that equals it', () => {
    expect([keeps(3, { atMost: 3 }), keeps(3.01, { atMost: 3 })]).toEqual([true, false]);
    expect([keeps(3, { atLeast: 3 }), keeps(2.99, { atLeast: 3 })]).toEqual([true, false]);
  });

  it('has a figure whose name starts with its section', () => {
    for (const name of Object.keys(bounds))
      expect(name).toMatch(/^(conversation|operations|cold_start|fan_out|inbox|search|price)\./);
  });
});
