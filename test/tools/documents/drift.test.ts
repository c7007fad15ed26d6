/** The generated files, as they are committed, against the contract that they are generated from. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { driftedDocuments, generateDocuments, writeDocuments } from '../../../tools/generate-documents.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'documents-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('the committed documents are what the contract says', () => {
  expect(driftedDocuments()).toEqual([]);
});

test('a document that is missing counts as drifted', () => {
  expect(driftedDocuments(directory)).toEqual(Object.keys(generateDocuments()));
});

test('a document that somebody edited is named', () => {
  writeDocuments(directory);
  expect(driftedDocuments(directory)).toEqual([]);
  appendFileSync(join(directory, 'asyncapi.yaml'), '# mine\n');
  expect(driftedDocuments(directory)).toEqual(['asyncapi.yaml']);
});

test('the check of the command line ends with 0 while nothing has drifted', () => {
  const tsx = join('node_modules', 'tsx', 'dist', 'cli.mjs');
  const check = spawnSync(process.execPath, [tsx, 'tools/generate-documents.ts', '--check'], {
    encoding: 'utf8',
  });
  expect(check).toMatchObject({ status: 0, stderr: '' });
});
