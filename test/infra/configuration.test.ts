import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleDirectory, bundleFunctions } from '../../infra/bundle.ts';
import { folderOf, functionNames, type FunctionName } from '../../infra/functions.ts';
import { settingRows } from '../../shared/settings/settings.ts';
import { stackValueRows } from '../../shared/settings/stack-values.ts';
import { importsOf, sourcesUnder, type Source } from '../source-files.ts';
import { environmentOf, synthesize } from './synthesized.ts';

const template = synthesize('prod');
const outdir = mkdtempSync(join(tmpdir(), 'configuration-test-'));
beforeAll(() => bundleFunctions({ outdir }));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** Returns the message of the error that loading the bundle throws in that environment; empty when it loads. */
function load(name: FunctionName, environment: Record<string, string>): string {
  const path = join(bundleDirectory(name, outdir), 'index.js');
  // Lambda sets the region for every function.
  const env = { AWS_REGION: 'us-east-1', ...environment };
  const script = `try { require(process.argv[1]) } catch ({ message }) { process.stdout.write(message) }`;
  return spawnSync(process.execPath, ['-e', script, path], { env, encoding: 'utf8' }).stdout;
}

const variablesReadBy = (name: FunctionName): string[] =>
  [...stackValueRows, ...settingRows]
    .filter(([, { readBy }]) => readBy.includes(name))
    .map(([, { variable }]) => variable);

/** The sources that a function is bundled from, without those of the rows themselves. */
function sourcesOf(name: FunctionName): Source[] {
  const found = new Map<string, Source>();
  const pending = [`functions/${folderOf(name)}/index.ts`];
  for (const path of pending) {
    const source = sources.get(path);
    if (source === undefined || found.has(path)) continue;
    found.set(path, source);
    pending.push(...importsOf(source));
  }
  return [...found.values()].filter(({ path }) => !path.startsWith('shared/settings/'));
}

const sources = new Map(sourcesUnder('functions', 'shared').map((source) => [source.path, source]));

/** Names and addresses are not known before the stack is deployed; CloudFormation fills them in as text. */
function filledIn(value: unknown): string {
  if (typeof value === 'string') return value;
  const parts = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  return parts === undefined ? 'filled-in' : parts[1].map(filledIn).join(parts[0]);
}

describe('a function', () => {
  it.each(functionNames)(
    '%s names every variable that its rows grant when all of them are missing',
    (name) => {
      const named = [...load(name, {}).matchAll(/\b([A-Z][A-Z0-9_]+) is missing/g)].map(
        ([, variable]) => variable!,
      );
      expect(named.toSorted()).toEqual(variablesReadBy(name).toSorted());
    },
  );

  it.each(functionNames)('%s loads with its environment in production', (name) => {
    const environment = Object.entries(environmentOf(template, name)).map(
      ([variable, value]) => [variable, filledIn(value)] as const,
    );
    expect(load(name, Object.fromEntries(environment))).toBe('');
  });

  it.each(functionNames)('%s uses every value that the rows grant to it', (name) => {
    const text = sourcesOf(name)
      .map((source) => source.text)
      .join('\n');
    const unused = [...stackValueRows, ...settingRows]
      .filter(([, { readBy }]) => readBy.includes(name))
      .filter(([value]) => !new RegExp(`(config|readConfig\\('\\w+'\\))\\.${value}\\b`).test(text));
    expect(unused.map(([value]) => value)).toEqual([]);
  });
});
