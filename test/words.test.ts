/** Keeps sources and documents to the words of docs/glossary.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = [
  'shared',
  'functions',
  'infra',
  'local',
  'client',
  'examples',
  'web',
  'site',
  'test',
  'tools',
  'docs',
];
const glossary = 'docs/glossary.md';

/** Lists of words as data: passwords that are refused, and prose of the table itself. */
const exempt = new Set([glossary, 'test/words.test.ts', 'shared/domain/accounts/common-words.ts']);

const paths = [
  ...folders.flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  ),
  ...readdirSync(root, { encoding: 'utf8' }),
].filter((path) => /\.(ts|tsx|mts|mjs|md)$/.test(path) && !path.includes('node_modules'));

const texts = new Map(paths.map((path) => [path, readFileSync(`${root}${path}`, 'utf8')]));

/** The cells of every table row under a heading, without the two rows of the table's head. */
function rowsUnder(heading: string): string[][] {
  const section =
    texts
      .get(glossary)!
      .split(/^## /m)
      .find((part) => part.startsWith(heading)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codeIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

const banned = rowsUnder('Words not to use').flatMap(([word]) => codeIn(word!));

const names = ['Rooms and messages', 'Connections', 'Accounts and limits', 'Runtime and tests'].flatMap(
  (heading) => rowsUnder(heading).flatMap(([term, , code]) => codeIn(code!).map((name) => [term!, name])),
);

/** Where a text uses that word or phrase, as `path:line`; words that are joined in an identifier do not count. */
function usesOf(word: string, text: string): number[] {
  const pattern = new RegExp(`(?<![\\w])${word.replaceAll(' ', '\\s+(?:\\*\\s+|//\\s+)?')}(?![\\w])`, 'gi');
  return [...text.matchAll(pattern)].map(({ index }) => text.slice(0, index).split('\n').length);
}

describe('the glossary', () => {
  it('lists banned words and names', () => {
    expect(banned.length).toBeGreaterThan(5);
    expect(names.length).toBeGreaterThan(30);
  });

  it.each(names)('names for %s a file or an identifier that exists: %s', (_, name) => {
    const isFile = paths.some((path) => `/${path}`.includes(`/${name}`));
    const isIdentifier = [...texts].some(
      ([path, text]) =>
        !path.endsWith('.md') && new RegExp(`\\b${name.replaceAll('.', '\\.')}\\b`).test(text),
    );
    expect(isFile || isIdentifier).toBe(true);
  });

  it.each(banned)('bans "%s" from sources and documents', (word) => {
    const found = [...texts].flatMap(([path, text]) =>
      exempt.has(path) ? [] : usesOf(word, text).map((line) => `${path}:${line}`),
    );
    expect(found).toEqual([]);
  });

  it('finds a banned phrase across lines of a comment, and not inside of other words', () => {
    expect(usesOf('is told', ' * The client is\n * told later.')).toEqual([1]);
    expect(usesOf('hole', 'the whole holeAge')).toEqual([]);
  });
});
