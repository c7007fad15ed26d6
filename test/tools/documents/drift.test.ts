/** Checks that the committed documents are up to date, and that the check finds those that are not. */
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

test('the committed documents are up to date', async () => {
  expect(await driftedDocuments()).toEqual([]);
});

test('a missing document counts as out of date', async () => {
  expect(await driftedDocuments(directory)).toEqual(Object.keys(await generateDocuments()));
});

test('an edited document is listed as out of date', async () => {
  await writeDocuments(directory);
  expect(await driftedDocuments(directory)).toEqual([]);
  appendFileSync(join(directory, 'asyncapi.yaml'), '# mine\n');
  expect(await driftedDocuments(directory)).toEqual(['asyncapi.yaml']);
});

test('generate-documents --check exits with 0 when all documents are up to date', () => {
  const tsx = join('node_modules', 'tsx', 'dist', 'cli.mjs');
  const check = spawnSync(process.execPath, [tsx, 'tools/generate-documents.ts', '--check'], {
    encoding: 'utf8',
  });
  expect(check).toMatchObject({ status: 0, stderr: '' });
});
