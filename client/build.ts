/**
 * `npm run build:client`: builds the package `serverless-chat-client` into `build/client`, from which `npm pack` makes
 * its tarball. The package has no dependencies: what the sources use of others is part of the bundles.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { bundleTypes } from './build-types.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const sources = join(here, 'src');
const packageFolder = join(here, '../build/client');

/** Runtimes of ES2022: browsers since 2022, Node 20, workers, and React Native, whose own compiler follows. */
const common = {
  bundle: true,
  platform: 'neutral',
  // What the dependencies that are bundled call their entry.
  mainFields: ['module', 'main'],
  target: 'es2022',
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

const core = join(sources, 'index.ts');
/** The entry of the React part; undefined while there is none. */
const reactEntry = existsSync(join(sources, 'react/index.ts')) ? join(sources, 'react/index.ts') : undefined;

/**
 * Keeps the core out of the bundles of the React part: both parts of an application have to use the same classes, so
 * that `instanceof ChatProblem` holds.
 */
function withCoreAt(path: string): Plugin {
  return {
    name: 'core',
    setup(bundle) {
      bundle.onResolve({ filter: /\/index\.ts$/ }, ({ path: specifier, resolveDir }) =>
        join(resolveDir, specifier) === core ? { path, external: true } : undefined,
      );
    },
  };
}

/**
 * Makes one file of the core and of what it loads on demand. Without this, esbuild would wrap each module of the latter in
 * a function that runs it later, which costs a page more than it saves.
 */
const inOneFile: Plugin = {
  name: 'in-one-file',
  setup(bundle) {
    bundle.onLoad({ filter: /client[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const specifiers: string[] = [];
      const text = (await readFile(path, 'utf8')).replace(
        /\bimport\(('[^']+')\)/g,
        (_, specifier: string) => `Promise.resolve(part${specifiers.push(specifier)})`,
      );
      // At the end, so that the source map keeps its lines.
      const imports = specifiers.map((specifier, index) => `import * as part${index + 1} from ${specifier};`);
      return { contents: [text, ...imports].join('\n'), loader: 'ts' };
    });
  },
};

/** The options of each bundle of the package, by the name of its file. */
export function bundles(outdir: string): Record<string, BuildOptions> {
  const esm = { ...common, format: 'esm', outdir, splitting: true, chunkNames: 'chunk-[hash]' } as const;
  const cjs = { ...common, format: 'cjs', plugins: [inOneFile] } satisfies BuildOptions;
  const react = {
    external: ['react', 'react-dom'],
    jsx: 'automatic',
    // The list's package asks for it, and a page without a bundler has no `process`.
    define: { 'process.env.NODE_ENV': '"production"' },
  } satisfies BuildOptions;
  return {
    'index.js': { ...esm, entryPoints: { index: core } },
    'index.cjs': { ...cjs, entryPoints: [core], outfile: join(outdir, 'index.cjs') },
    'browser.min.js': {
      ...common,
      format: 'esm',
      minify: true,
      plugins: [inOneFile],
      entryPoints: [core],
      outfile: join(outdir, 'browser.min.js'),
    },
    ...(reactEntry !== undefined && {
      'react.js': {
        ...esm,
        ...react,
        entryPoints: { react: reactEntry },
        plugins: [withCoreAt('./index.js')],
      },
      'react.cjs': {
        ...cjs,
        ...react,
        entryPoints: [reactEntry],
        outfile: join(outdir, 'react.cjs'),
        plugins: [withCoreAt('./index.cjs')],
      },
    }),
  };
}

/** Copies the files that are published as they are, and package.json without what only this repository needs. */
async function writeMetadata(folder: string): Promise<void> {
  const {
    devDependencies: _,
    scripts: __,
    ...published
  } = JSON.parse(await readFile(join(here, 'package.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
  for (const name of ['README.md', 'CHANGELOG.md']) await copyFile(join(here, name), join(folder, name));
  await copyFile(join(here, '../LICENSE'), join(folder, 'LICENSE'));
}

/**
 * Builds the package into an empty folder.
 *
 * @example
 * await buildClient('build/client'); // then `npm pack ./build/client`
 */
export async function buildClient(folder: string): Promise<void> {
  const outdir = join(folder, 'dist');
  await rm(folder, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  await writeMetadata(folder);
  for (const options of Object.values(bundles(outdir))) await build(options);
  await bundleTypes(outdir, { core, react: reactEntry });
}

/** The bytes of what a page loads: minified, and as servers send it. */
export interface BundleSize {
  minified: number;
  gzip: number;
}

type Outputs = Metafile['outputs'];

/** Returns the paths of the files that the browser loads together with that one: those which it imports statically. */
function loadedWith(path: string, outputs: Outputs, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: imported, kind } of outputs[path]?.imports ?? [])
    if (kind === 'import-statement' && imported in outputs) loadedWith(imported, outputs, found);
  return found;
}

/**
 * Measures what a page loads of the core at first, on demand, and with the first file, of the React part beside the core and
 * React, and of the file that has all of the core.
 */
export async function measureBundles(): Promise<Record<string, BundleSize>> {
  const sizes: Record<string, BundleSize> = {};
  for (const name of ['index.js', 'react.js', 'browser.min.js']) {
    // Nothing is written, so any folder will do that exists.
    const options = bundles(here)[name];
    if (options === undefined) continue;
    const { outputFiles, metafile } = await build({
      ...options,
      absWorkingDir: here,
      sourcemap: false,
      metafile: true,
      minify: true,
      write: false,
    });
    const initial = loadedWith(name, metafile.outputs);
    for (const { path, contents } of outputFiles) {
      const entry = metafile.outputs[basename(path)]?.entryPoint ?? '';
      const onDemand = entry.endsWith('/uploads/uploader.ts') ? 'uploads' : 'on demand';
      const part = initial.has(basename(path)) ? name : `${name}, ${onDemand}`;
      const { minified, gzip } = sizes[part] ?? { minified: 0, gzip: 0 };
      sizes[part] = {
        minified: minified + contents.length,
        gzip: gzip + gzipSync(contents, { level: 9 }).length,
      };
    }
  }
  return sizes;
}

async function main(): Promise<void> {
  await buildClient(packageFolder);
  for (const [name, { minified, gzip }] of Object.entries(await measureBundles()))
    process.stdout.write(`${name}: ${minified} bytes minified, ${gzip} with gzip\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
