import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { entities } from '../../shared/storage/entities/all.ts';
import { streamFilters } from '../../shared/storage/stream-changes.ts';
import { questionsIn, tablePage } from '../../tools/table-page.ts';

const directory = new URL('../../shared/storage/entities/', import.meta.url);
const sources = readdirSync(directory)
  .filter((file) => file !== 'all.ts')
  .map((file) => readFileSync(new URL(file, directory), 'utf8'));

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

  it('lists every question with the request that it sends', () => {
    const questions = sources.flatMap(questionsIn);
    const asked =
      sources.join('\n').match(/\btable\.(?:get|put|update|remove|page|all|transact)\w*\(/g) ?? [];
    const sending = questions.filter(({ requests }) => requests !== 'part of a transaction');
    expect(sending.length).toBeGreaterThan(60);
    expect(asked.length).toBeLessThanOrEqual(
      sending.reduce((count, { requests }) => count + requests.split(', ').length, 0),
    );
    expect(questions.filter(({ summary }) => !/^[A-Z].*\.$/.test(summary))).toEqual([]);
  });

  it('has no more filters than Lambda takes', () => {
    expect(Object.keys(streamFilters).length).toBeLessThanOrEqual(5);
  });
});
