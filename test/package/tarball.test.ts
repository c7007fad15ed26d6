/** Tries the package as its users get it: packed, installed, and used by bundlers, servers and compilers. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilers, createPackageProject, type PackageProject } from './project.ts';

let project: PackageProject;
beforeAll(async () => {
  project = await createPackageProject();
}, 120_000);
afterAll(() => project.remove());

/** Writes the examples of the README into the project, one file each. */
async function writeReadmeExamples(): Promise<string[]> {
  const readme = await readFile(
    join(project.folder, 'node_modules/serverless-chat-client/README.md'),
    'utf8',
  );
  const examples = [...readme.matchAll(/^```(tsx?)\n([^]*?)^```/gm)].map(([, language, code], index) => ({
    // An example that awaits is a module, also in the eyes of a compiler for Node.js.
    name: `readme-${index}.${language === 'ts' ? 'mts' : 'tsx'}`,
    code: code ?? '',
  }));
  for (const { name, code } of examples) await writeFile(join(project.folder, name), code);
  return examples.map(({ name }) => name);
}

describe('the tarball', () => {
  test('has bundles, declarations, the license and the documents, and no sources', () => {
    const entries = ['index', 'react'].flatMap((name) =>
      ['js', 'js.map', 'cjs', 'cjs.map', 'd.ts', 'd.cts'].map((extension) => `dist/${name}.${extension}`),
    );
    const chunks = project.packed.filter((path) => /^dist\/chunk-\w+\.js(\.map)?$/.test(path));
    expect([...project.packed].sort()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'package.json',
        'dist/browser.min.js',
        'dist/browser.min.js.map',
        ...chunks,
        ...entries,
      ].sort(),
    );
  });

  test('has no dependency', async () => {
    const file = join(project.folder, 'node_modules/serverless-chat-client/package.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as object;
    expect(Object.keys(manifest)).not.toContain('dependencies');
    expect(Object.keys(manifest)).not.toContain('devDependencies');
  });

  test.each(['index.d.ts', 'index.d.cts', 'react.d.ts', 'react.d.cts'])(
    'declares in %s everything but React and the core by itself',
    async (name) => {
      const text = await readFile(
        join(project.folder, 'node_modules/serverless-chat-client/dist', name),
        'utf8',
      );
      const code = text.replaceAll(/\/\*\*[^]*?\*\//g, '');
      const imported = [...code.matchAll(/(?:from |import\()["']([^"']+)["']/g)].map(([, path]) => path);
      const core = name.endsWith('.cts') ? './index.cjs' : './index.js';
      expect(new Set(imported)).toEqual(new Set(name.startsWith('react') ? ['react', core] : []));
    },
  );
});

describe('the installed package', () => {
  test.each(['esm.mjs', 'commonjs.cjs'])(
    'works in Node.js in %s, with one class of problems',
    async (program) => {
      const result = JSON.parse(await project.node(program)) as object;
      expect(result).toMatchObject({ state: 'signed-out', isProblem: true, code: 'unreachable' });
      expect(result).toHaveProperty(
        'hooks',
        expect.arrayContaining(['ChatProvider', 'useMessages', 'useRoom']),
      );
    },
  );

  test('renders on a server without a window and a WebSocket', async () => {
    const result = JSON.parse(await project.node('server-rendering.mjs')) as unknown;
    expect(result).toEqual({ hasWindow: false, html: expect.stringMatching(/^<p>opening 0 [\w-]+ 0<\/p>$/) });
  });

  test('works in a worker, from the file for pages without a bundler', async () => {
    expect(JSON.parse(await project.node('worker.mjs'))).toEqual({ state: 'signed-out' });
  });

  test('is bundled by Vite into scripts without imports of packages', async () => {
    const outDir = join(project.folder, 'site');
    await build({ root: project.folder, configFile: false, logLevel: 'error', build: { outDir } });
    const scripts = (await readdir(join(outDir, 'assets'))).filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(scripts.map((name) => readFile(join(outDir, 'assets', name), 'utf8')));
    const code = texts.join('\n');
    expect(code).toContain('/chat/ws-ticket/');
    // A browser resolves no names of packages.
    expect(code).not.toMatch(/\bfrom\s*["'](?!\.)/);
  });
});

describe('the declarations', () => {
  const cases = Object.keys(compilers).flatMap((compiler) =>
    ['bundler', 'nodenext'].map((resolution) => [compiler, resolution] as const),
  );

  test.each(cases)('compile with %s and the module resolution %s', { timeout: 120_000 }, async (...names) => {
    const [compiler, resolution] = names;
    // The examples of the README are for Node.js as well, whose types the declarations themselves do not need.
    const examples = compiler === 'TypeScript 7' ? await writeReadmeExamples() : [];
    const config = `tsconfig.${compiler.replace(' ', '-')}.${resolution}.json`;
    await writeFile(
      join(project.folder, config),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          skipLibCheck: false,
          skipDefaultLibCheck: true,
          noEmit: true,
          target: 'es2022',
          lib: ['es2022', 'dom', 'dom.iterable'],
          jsx: 'react-jsx',
          types: examples.length > 0 ? ['node'] : [],
          module: resolution === 'bundler' ? 'esnext' : 'nodenext',
          moduleResolution: resolution,
        },
        // `import = require` is for modules of Node.js only.
        files: ['page.tsx', ...examples, ...(resolution === 'bundler' ? [] : ['required.cts'])],
      }),
    );
    const output = await project
      .node(compilers[compiler] ?? '', '-p', config)
      .catch((error: { stdout: string }) => error.stdout);
    expect(output).toBe('');
  });

  test('are tried with all examples of the README', async () => {
    expect((await writeReadmeExamples()).length).toBeGreaterThan(3);
  });
});
