import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleDirectory, bundleFunctions } from '../../infra/bundle.ts';
import { functionNames, functions, type FunctionName } from '../../infra/functions.ts';
import { environmentOf, synthesize } from './synthesized.ts';

const template = synthesize('prod');
const outdir = mkdtempSync(join(tmpdir(), 'configuration-test-'));
beforeAll(() => bundleFunctions({ outdir }));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** What the bundle says when it is loaded with that environment and nothing else; empty when all is well. */
function load(name: FunctionName, environment: Record<string, string>): string {
  const path = join(bundleDirectory(name, outdir), 'index.js');
  // The region is Lambda's own to give.
  const env = { AWS_REGION: 'us-east-1', ...environment };
  const script = `try { require(process.argv[1]) } catch ({ message }) { process.stdout.write(message) }`;
  return spawnSync(process.execPath, ['-e', script, path], { env, encoding: 'utf8' }).stdout;
}

describe('a function', () => {
  it.each(functionNames)('%s that is told nothing names all that its row tells it', (name) => {
    const { environment, invokes = {} } = functions[name];
    const told = [...environment, ...Object.keys(invokes)];
    const missed = [...load(name, {}).matchAll(/\b([A-Z][A-Z0-9_]+) \(/g)].map(([, variable]) => variable!);
    expect(missed.toSorted()).toEqual(told.toSorted());
  });

  it.each(functionNames)('%s takes what it is told in production', (name) => {
    // What CloudFormation fills in is text, whatever it says.
    const told = Object.entries(environmentOf(template, name)).map(
      ([variable, value]) => [variable, typeof value === 'string' ? value : 'filled-in'] as const,
    );
    expect(load(name, Object.fromEntries(told))).toBe('');
  });
});
