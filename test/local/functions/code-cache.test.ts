import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LambdaFunction } from '../../../local/stack.ts';
import { bundleFolder, type BundleFolder } from './bundle-folder.ts';

let folder: BundleFolder;
let codeCache: string;
beforeEach(() => {
  folder = bundleFolder();
  codeCache = join(folder.write('cache', '', 'marker'), 'code');
});
afterEach(() => folder.remove());

const answering = (value: number): string => `exports.handler = async () => ${value}`;
const failing = `exports.handler = async () => { throw new Error('here') }`;

const files = (): string[] => (existsSync(codeCache) ? readdirSync(codeCache) : []);
const cacheFile = (): string => join(codeCache, files()[0]!);
const inode = (): number => statSync(cacheFile()).ino;

/** Returns what the function answers in a new environment. */
async function answerOf(definition: LambdaFunction): Promise<string> {
  return (await folder.host([definition], { codeCache }).invoke(definition.logicalId, {})).payload;
}

/** Invokes the function once and waits until its code is kept. */
async function keepCodeOf(definition: LambdaFunction): Promise<void> {
  await answerOf(definition);
  await vi.waitFor(() => expect(files()).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]));
}

describe('the compiled code of a bundle', () => {
  it('is kept after the first invocation, and used by later environments', async () => {
    const definition = folder.define('F', answering(1));
    await keepCodeOf(definition);
    const kept = inode();
    const host = folder.host([definition], { codeCache });
    expect(await host.invoke('F', {})).toEqual({ ok: true, payload: '1' });
    // An environment answers its second invocation after it has kept its code, if it does.
    await host.invoke('F', {});
    expect(inode()).toBe(kept);
  });

  it('is replaced when the bundle changes, even to one of the same length', async () => {
    await keepCodeOf(folder.define('F', answering(1)));
    const kept = inode();
    expect(await answerOf(folder.define('F', answering(2)))).toBe('2');
    await vi.waitFor(() => expect(inode()).not.toBe(kept));
    expect(files()).toHaveLength(1);
  });

  it.each([
    ['damaged', (content: Buffer) => content.fill(0x5a, content.length >> 1)],
    ['cut off', (content: Buffer) => content.subarray(0, content.length >> 1)],
    ['empty', () => Buffer.alloc(0)],
  ])('is replaced when its file is %s', async (_state, spoil) => {
    const definition = folder.define('F', answering(1));
    await keepCodeOf(definition);
    const kept = inode();
    writeFileSync(cacheFile(), spoil(readFileSync(cacheFile())));
    expect(await answerOf(definition)).toBe('1');
    await vi.waitFor(() => expect(inode()).not.toBe(kept));
  });

  it('leaves the positions in stack traces as they are in the bundle', async () => {
    const definition = folder.define('F', failing);
    await keepCodeOf(definition);
    const position = `index.js:1:${failing.indexOf('new Error') + 1})`;
    expect(await answerOf(definition)).toContain(position);
  });

  it.each([
    ['has a source map', `${answering(1)}\n//# sourceMappingURL=index.js.map\n`],
    ['imports dynamically', `exports.handler = async () => (await import('node:os')).EOL.length`],
  ])('is not kept when the bundle %s, which only works in code that Node compiles', async (_what, source) => {
    const host = folder.host([folder.define('F', source)], { codeCache });
    await host.invoke('F', {});
    expect(await host.invoke('F', {})).toEqual({ ok: true, payload: '1' });
    expect(files()).toEqual([]);
  });

  it('is compiled again when its folder cannot be written', async () => {
    codeCache = join(folder.write('cache', 'a file', 'code'), 'code', 'below-a-file');
    const host = folder.host([folder.define('F', answering(1))], { codeCache });
    await host.invoke('F', {});
    expect(await host.invoke('F', {})).toEqual({ ok: true, payload: '1' });
  });
});
