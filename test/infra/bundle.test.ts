import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  bundleContext,
  bundleDirectory,
  bundleFunctions,
  bundleFunctionsSync,
  type BundleTarget,
} from '../../infra/bundle.ts';

let project: string;
let target: Required<BundleTarget>;

/** A project of ES modules with two functions; one imports a text and an image. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'bundle-test-'));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  const sourceDirectory = join(project, 'functions');
  for (const name of ['hello', 'page']) mkdirSync(join(sourceDirectory, name), { recursive: true });
  writeFileSync(
    join(sourceDirectory, 'greeting.ts'),
    `export const greet = (name: string): string => 'hello ' + name;`,
  );
  writeFileSync(
    join(sourceDirectory, 'hello/index.ts'),
    `import { greet } from '../greeting.ts';\nexport const handler = async () => greet('lambda');`,
  );
  writeFileSync(join(sourceDirectory, 'page/page.html'), '<p>page</p>');
  writeFileSync(join(sourceDirectory, 'page/dot.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47]));
  writeFileSync(
    join(sourceDirectory, 'page/index.ts'),
    `import html from './page.html';\nimport dot from './dot.png';\nexport const handler = async () => html + dot.length;`,
  );
  target = { outdir: join(project, 'build'), names: ['hello', 'page'], sourceDirectory };
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

/** Returns the results of the bundle's handler in a new process, loaded with `require`, as Lambda does, and `import`. */
function run(name: string): string[] {
  const path = join(bundleDirectory(name, target.outdir), 'index.js');
  const script = `
    const say = ({ handler }) => handler().then((text) => process.stdout.write(text + '\\n'));
    say(require(process.argv[1])).then(() => import(process.argv[1])).then(say);`;
  return execFileSync(process.execPath, ['-e', script, path], { encoding: 'utf8' }).trim().split('\n');
}

describe('a bundle', () => {
  it.each([
    ['synchronously', bundleFunctionsSync],
    ['asynchronously', bundleFunctions],
  ])('that was built %s can be required and imported', async (_, bundle) => {
    await bundle(target);
    expect(run('hello')).toEqual(['hello lambda', 'hello lambda']);
    expect(run('page')).toEqual(['<p>page</p>4', '<p>page</p>4']);
  });

  it('is one minified file, with a package.json that marks it as CommonJS', () => {
    bundleFunctionsSync(target);
    expect(readdirSync(bundleDirectory('hello', target.outdir)).toSorted()).toEqual([
      'index.js',
      'package.json',
    ]);
    expect(readFileSync(join(bundleDirectory('hello', target.outdir), 'index.js'), 'utf8')).not.toContain(
      '\n\n',
    );
  });

  it('is listed in meta.json', async () => {
    await bundleFunctions(target);
    const meta: { outputs: object } = JSON.parse(readFileSync(join(target.outdir, 'meta.json'), 'utf8'));
    expect(Object.keys(meta.outputs).filter((path) => path.endsWith('hello/index.js'))).toHaveLength(1);
  });

  it('that does not build is reported with the source file and the line', async () => {
    writeFileSync(
      join(target.sourceDirectory, 'hello/index.ts'),
      `export const handler = async () => {\n  nothing(;\n};`,
    );
    await expect(bundleFunctions(target)).rejects.toThrow(/hello\/index\.ts:2/);
    expect(() => bundleFunctionsSync(target)).toThrow(/hello\/index\.ts:2/);
    expect(existsSync(join(target.outdir, 'meta.json'))).toBe(false);
  });

  it('is rebuilt by a context after its source changed', async () => {
    const context = await bundleContext(target);
    try {
      await context.rebuild();
      writeFileSync(join(target.sourceDirectory, 'greeting.ts'), `export const greet = () => 'changed';`);
      await context.rebuild();
      expect(run('hello')).toEqual(['changed', 'changed']);
    } finally {
      await context.dispose();
    }
  });
});
