/** docs/differences.md says for every difference where it is known from. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const rows = readFileSync('docs/differences.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (-+|point) /.test(line))
  .map((line) => line.slice(2, -2).split(/ +\| +/));

/** A link; the words before it say when it is not documentation. */
const source = /^(observed by users: )?\[[^\]]+\]\(https:\/\/[^)]+\)$/;

test('the page has the columns point, on AWS, locally, source', () => {
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((row) => row.length !== 4)).toEqual([]);
});

test('every difference has a source', () => {
  expect(rows.filter(([, , , where = '']) => !source.test(where.trim())).map(([point]) => point)).toEqual([]);
});
