/** Checks that the committed documents are up to date, and that the check finds those that are not. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { driftedDocuments, generateDocuments, writeDocuments } from '../../../tools/generate-documents.ts';

let documents: Record<string, string>;
beforeAll(async () => {
  documents = await generateDocuments();
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'documents-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('the committed documents are up to date', () => {
  expect(driftedDocuments(documents)).toEqual([]);
});

test('a missing document counts as out of date', () => {
  expect(driftedDocuments(documents, directory)).toEqual(Object.keys(documents));
});

test('an edited document is listed as out of date', () => {
  writeDocuments(documents, directory);
  expect(driftedDocuments(documents, directory)).toEqual([]);
  appendFileSync(join(directory, 'asyncapi.yaml'), '# mine\n');
  expect(driftedDocuments(documents, directory)).toEqual(['asyncapi.yaml']);
});
