import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { entities, entityFiles } from '../../shared/storage/entities/all.ts';
import { streamFilters } from '../../shared/storage/stream-changes.ts';
import { patternsOf, tablePage } from '../../tools/table-page.ts';

const directory = new URL('../../shared/storage/entities/', import.meta.url);
const files = readdirSync(directory)
  .filter((file) => file !== 'all.ts')
  .toSorted();
const sources = files.map((file) => readFileSync(new URL(file, directory), 'utf8'));
const patterns = entityFiles.flatMap(({ access }) => patternsOf(access));

/** The DynamoDB request of each method of the table. */
const requests: [RegExp, string][] = [
  [/\btable\.get\(/, 'GetItem'],
  [/\btable\.getMany\(/, 'BatchGetItem'],
  [/\btable\.(page|all)\(|\bremovePage\)?\(/, 'Query'],
  [/\btable\.put\(/, 'PutItem'],
  [/\btable\.update\(/, 'UpdateItem'],
  [/\btable\.remove\(/, 'DeleteItem'],
  [/\btable\.removeMany\(|\bremovePage\)?\(/, 'BatchWriteItem'],
  [/\btable\.transact\(/, 'TransactWriteItems'],
];

const requestsOf = (source: string): string[] =>
  requests.filter(([call]) => call.test(source)).map(([, request]) => request);

describe('the page of the table', () => {
  it('lists every entity that is defined, with every attribute', () => {
    const defined = sources.reduce((count, text) => count + text.split('= defineEntity({').length - 1, 0);
    expect(entities).toHaveLength(defined);
    const page = tablePage();
    const rows = entities.flatMap(({ name, attributes }) =>
      Object.values(attributes)
        // The sort key is in the table of the keys.
        .filter((attribute) => attribute.name !== 'sk')
        .map((attribute) => new RegExp(`\\| ${name} +\\| \`${attribute.name}\``)),
    );
    expect(rows.filter((row) => !row.test(page))).toEqual([]);
  });

  it('lists every access pattern that is defined, each in one sentence', () => {
    const defined = sources.reduce((count, text) => count + text.split('accessPattern(').length - 1, 0);
    expect(patterns).toHaveLength(defined);
    expect(defined).toBeGreaterThan(100);
    const page = tablePage();
    expect(patterns.filter(({ description }) => !page.includes(`| ${description} `))).toEqual([]);
    expect(patterns.filter(({ description }) => !/^[A-Z].*\.$/.test(description))).toEqual([]);
  });

  it('names the requests that the function of each access pattern sends', () => {
    const wrong = patterns.filter(
      ({ requests, access }) =>
        requests.join() !== (requestsOf(String(access)).join() || 'part of a transaction'),
    );
    expect(wrong.map(({ description }) => description)).toEqual([]);
  });

  it('has every file that defines an entity', () => {
    const defining = files.filter((_, index) => sources[index]!.includes('= defineEntity({'));
    expect(entityFiles.map(({ file }) => file)).toEqual(defining);
    expect(new Set(entityFiles.flatMap(({ entities: own }) => own))).toEqual(new Set(entities));
  });

  it('has no more filters than Lambda takes', () => {
    expect(Object.keys(streamFilters).length).toBeLessThanOrEqual(5);
  });
});
