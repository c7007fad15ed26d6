import { describe, expect, it } from 'vitest';
import { metricRows } from '../../../shared/metrics/metric-table.ts';
import { sourcesUnder } from '../../source-files.ts';

const sources = sourcesUnder('shared', 'functions').filter(({ path }) => !path.startsWith('shared/metrics/'));

describe('a metric', () => {
  it.each(metricRows)(
    '%s is counted in the files that its row names, and in no others',
    (name, { countedIn }) => {
      const counting = sources.filter(({ text }) => new RegExp(`\\.(add|measure)\\('${name}'`).test(text));
      expect(counting.map(({ path }) => path).toSorted()).toEqual(countedIn.toSorted());
    },
  );

  it('has a row for every name under which code counts', () => {
    const names = sources.flatMap(({ text }) =>
      [...text.matchAll(/metrics\.(?:add|measure)\(\s*'(\w+)'/g)].map(([, name]) => name!),
    );
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !metricRows.some(([known]) => known === name))).toEqual([]);
  });

  it.each(metricRows)('%s has a description, and few reasons', (_, { description, reasons }) => {
    expect(description).toMatch(/^[A-Z].{20,}\.$/);
    expect(reasons?.length ?? 0).toBeLessThanOrEqual(24);
  });
});
