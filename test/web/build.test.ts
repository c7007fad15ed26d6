import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWeb } from '../../web/build.ts';

/** Of all files that a first visit loads, compressed by brotli as at the edge. */
const budgetKb = 130;

/** Of the parts that are loaded on demand. */
const onDemandBudgetKb = 16;

const outdir = mkdtempSync(join(tmpdir(), 'web-'));
let files: string[];
let index: string;

beforeAll(async () => {
  files = await buildWeb(outdir);
  index = readFileSync(join(outdir, 'index.html'), 'utf8');
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** Returns the size after compression. CloudFront does not document its quality; 5 is a usual one for answers on the fly. */
function compressedBytes(file: string): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  return brotliCompressSync(readFileSync(join(outdir, file)), { params }).length;
}

/** Returns the files that a browser loads with the index page, without those that it loads when it has nothing else to do. */
const namedFiles = (): string[] =>
  [...index.matchAll(/<(?!link rel="prefetch")\w+ [^>]*(?:src|href)="\/([^"]+)"/g)].map(([, path]) => path!);

const filesOnDemand = (): string[] =>
  files.filter((file) => file !== 'index.html' && !namedFiles().includes(file));

/** Returns what a script imports before it runs. */
function importsOf(file: string): string[] {
  if (!file.endsWith('.js')) return [];
  const found = readFileSync(join(outdir, file), 'utf8').matchAll(
    /(?:^|;)import(?:[^"'`();]*from)?"\.\/([^"]+)"/g,
  );
  return [...found].map(([, name]) => `assets/${name}`);
}

describe('the build of the page', () => {
  it.each([
    [`at a first visit at most ${budgetKb} KB`, budgetKb, () => ['index.html', ...namedFiles()]],
    [`on demand at most ${onDemandBudgetKb} KB`, onDemandBudgetKb, () => filesOnDemand()],
  ])('loads %s, compressed', (_, kilobytes, list) => {
    const sizes = list().map((file) => ({ file, bytes: compressedBytes(file) }));
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    // Names the files when they are too large.
    expect(total <= kilobytes * 1024 ? [] : sizes).toEqual([]);
    // Fails when nothing is loaded, and when the budget has become far larger than what is.
    expect(total).toBeGreaterThan((kilobytes * 1024) / 4);
  });

  it('names in the index page all that its scripts import at once', () => {
    const imported = namedFiles().flatMap((file) => importsOf(file));
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((file) => !namedFiles().includes(file))).toEqual([]);
  });

  it('lets the browser load what shows and uploads files once it has nothing else to do', () => {
    const later = [...index.matchAll(/<link rel="prefetch" href="\/([^"]+)"/g)].map(([, path]) => path!);
    for (const part of ['uploader', 'later'])
      expect(later).toContainEqual(expect.stringMatching(new RegExp(`^assets/${part}-`)));
    const imported = later.flatMap((file) => importsOf(file));
    expect(imported.filter((file) => ![...later, ...namedFiles()].includes(file))).toEqual([]);
  });

  it('gives every file but the index page a name with the hash of its content, and names it there', () => {
    expect(new Set(readdirSync(outdir, { recursive: true, encoding: 'utf8' }))).toEqual(
      new Set(['assets', ...files]),
    );
    const hashed = files.filter((file) => file !== 'index.html');
    for (const file of hashed) expect(file).toMatch(/^assets\/[\w.-]+-[A-Z0-9]{8}\.(js|css|svg|woff2|png)$/);
    expect(namedFiles().length).toBeGreaterThan(1);
    expect(hashed).toEqual(expect.arrayContaining(namedFiles()));
  });

  it('has no inline script or style, which the content security policy would block', () => {
    expect(index).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/i);
  });

  it('removes the files of an earlier build', async () => {
    writeFileSync(join(outdir, 'assets/main-EARLIER1.js'), '');
    expect(await buildWeb(outdir)).toEqual(files);
    expect(readdirSync(join(outdir, 'assets'))).not.toContain('main-EARLIER1.js');
  });
});
