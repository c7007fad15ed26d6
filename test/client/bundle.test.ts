import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { bundles, measureBundles } from '../../client/build.ts';
import { sourcesUnder } from '../source-files.ts';

/** The bytes that a page may load, after gzip. Raise a limit only together with what the package offers. */
const budgets: Readonly<Record<string, number>> = {
  'index.js': 23 * 1024,
  // The cache of rooms, the list of rooms, and the socket that tabs share: each is loaded with its first use.
  'index.js, on demand': 13 * 1024,
  // What uploads files and keeps those of unsent messages.
  'index.js, uploads': 6 * 1024,
  'react.js': 20 * 1024,
  // All of the core in one file, so that the parts on demand count in it, too.
  'browser.min.js': 37 * 1024,
};

/** The packages that are part of the bundles, so that the published package has no dependencies. */
const bundled = /^node_modules\/(idb|@tanstack\/(react-virtual|virtual-core))\//;

async function outputOf(name: string) {
  const options = bundles('/')[name];
  const { outputFiles, metafile } = await build({ ...options, write: false, metafile: true });
  const code = outputFiles.find(({ path }) => path.endsWith(`/${name}`))?.text ?? '';
  return {
    code,
    inputs: Object.keys(metafile.inputs).map((path) => path.replace(/^.*(?=node_modules\/)/, '')),
  };
}

/** Whether a class has a member that is private by its keyword alone: minifying keeps its name. */
const hasKeptName = ({ text }: { text: string }): boolean => /^\s+private (?!constructor\b)/m.test(text);

describe('the bundles', () => {
  test.each(Object.keys(bundles('/')))(
    '%s has no schema, no dependency and nothing of Node',
    async (name) => {
      const { code, inputs } = await outputOf(name);
      const foreign = inputs.filter((path) => !path.startsWith('client/') && !bundled.test(path));
      // The parts of the contract without schemas.
      expect(
        foreign.filter((path) => !/^shared\/contract\/(characters|limits|wire-constants)\.ts$/.test(path)),
      ).toEqual([]);
      const imported = [...code.matchAll(/(?:\bfrom|\brequire\(|\bimport\(?)\s*["']([^"']+)["']/g)];
      const outside = imported.map(([, path = '']) => path).filter((path) => !path.startsWith('./'));
      expect(outside.filter((path) => !/^react(-dom)?(\/|$)/.test(path))).toEqual([]);
      expect(code).not.toMatch(/\bprocess\.|node:/);
    },
  );

  test.each(['react.js', 'react.cjs'])('%s has nothing of the core, which it imports', async (name) => {
    const { code, inputs } = await outputOf(name);
    const ofCore = inputs.filter((path) => /^client\/src\/(?!react\/)/.test(path));
    expect(ofCore).toEqual([]);
    expect(code).toContain(name === 'react.js' ? '"./index.js"' : '"./index.cjs"');
  });

  test('the core is one file, and has nothing of what it loads on demand', async () => {
    const options = bundles('/')['index.js'];
    const { metafile } = await build({ ...options, absWorkingDir: '/', write: false, metafile: true });
    const { imports = [], inputs = {} } = metafile.outputs['index.js'] ?? {};
    expect(imports.map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => 'dynamic-import'));
    const paths = Object.keys(inputs).map((path) => path.replace(/^.*client\/src\//, ''));
    expect(paths).toContain('rooms/room-list.ts');
    const onDemand = [
      'rooms/live-room-list.ts',
      'rooms/room-rows.ts',
      'offline/room-cache.ts',
      'tabs/tabs.ts',
      'uploads/uploader.ts',
    ];
    expect(paths.filter((path) => onDemand.includes(path))).toEqual([]);
  });

  test.each(['browser.min.js', 'index.cjs'])('%s has all of the core, and imports nothing', async (name) => {
    const { code, inputs } = await outputOf(name);
    expect(inputs.map((path) => path.replace(/^.*client\/src\//, ''))).toEqual(
      expect.arrayContaining([
        'rooms/live-room-list.ts',
        'offline/room-cache.ts',
        'tabs/tabs.ts',
        'uploads/uploader.ts',
      ]),
    );
    expect(code).not.toMatch(/\bimport\b|\brequire\(/);
  });

  test('the core can be imported where there is neither a window nor a WebSocket', async () => {
    const { code } = await outputOf('browser.min.js');
    const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as object;
    expect(Object.keys(module)).toContain('createChatClient');
  });

  test('come from classes whose private members have `#` names, which become short when minified', () => {
    const classes = sourcesUnder('client').filter(({ text }) => /^(export )?class /m.test(text));
    expect(classes.length).toBeGreaterThan(10);
    expect(classes.filter(hasKeptName).map(({ path }) => path)).toEqual([]);
  });

  test('a private member with the keyword is found', () => {
    const member = (text: string) => hasKeptName({ text: `class Room {\n  ${text};\n}` });
    expect(member('private readonly core: Core')).toBe(true);
    expect(member('readonly #core: Core')).toBe(false);
    expect(member('private constructor()')).toBe(false);
  });

  test('are not larger than their budgets', async ({ annotate }) => {
    const sizes = Object.entries(await measureBundles());
    for (const [name, { minified, gzip }] of sizes) {
      await annotate(`${name}: ${minified} bytes minified, ${gzip} with gzip`);
      expect({ name, gzip }).toEqual({
        name,
        gzip: expect.toSatisfy((size: number) => size <= (budgets[name] ?? 0)),
      });
    }
    expect(sizes.map(([name]) => name)).toEqual(
      expect.arrayContaining(['index.js', 'index.js, uploads', 'react.js', 'browser.min.js']),
    );
  });
});
