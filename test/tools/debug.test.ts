import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOf } from '../../infra/functions.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { readStack } from '../../local/template/read-stack.ts';
import type { LambdaFunction } from '../../local/stack.ts';
import { buildApp, debugApp, debugTimeoutSeconds } from '../../tools/debug/app.ts';

const outdir = mkdtempSync(join(tmpdir(), 'debug-test-'));
let functions: LambdaFunction[];

beforeAll(async () => {
  const bundles = await debugApp.openBundles();
  await bundles.rebuild();
  await bundles.close();
  const stage = 'local';
  buildApp({ stage, outdir, environment: {} }).synth();
  const account = { region: 'us-east-1', accountId: '000000000000' };
  functions = readStack({ ...readAssembly(outdir), stage, ...account }).functions;
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

describe('the app of a debugging session', () => {
  it('gives every function the longest timeout of Lambda', () => {
    expect(functions.length).toBeGreaterThan(5);
    for (const { timeoutSeconds } of functions) expect(timeoutSeconds).toBe(debugTimeoutSeconds);
  });

  it('maps the bundle of every function to its sources', () => {
    for (const { codeDirectory } of functions) {
      const map: { sources: string[] } = JSON.parse(
        readFileSync(join(codeDirectory, 'index.js.map'), 'utf8'),
      );
      const entry = `/functions/${folderOf(basename(codeDirectory))}/index.ts`;
      expect(map.sources.filter((source) => source.endsWith(entry))).toHaveLength(1);
    }
  });
});
