/**
 * Builds the functions: one esbuild run for all of them, one folder each under `build/functions`.
 * Knows nothing of AWS.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build, buildSync, context, type BuildContext, type BuildOptions, type Metafile } from 'esbuild';
import { parse } from 'yaml';
import { folderOf, functionNames } from './functions.ts';

const projectDirectory = resolve(import.meta.dirname, '..');

export interface BundleTarget {
  /** `build` in the project's folder when absent. */
  outdir?: string;
  /** All of functions.ts when absent. */
  names?: readonly string[];
  /** Where the functions' folders are; `functions` in the project's folder when absent. */
  sourceDirectory?: string;
}

/** The folder with the bundle of one function, as Lambda gets it. */
export function bundleDirectory(name: string, outdir = join(projectDirectory, 'build')): string {
  return join(outdir, 'functions', name);
}

/** The JSON form of openapi.yaml for the docs function, which serves both forms and has no YAML parser. */
function constants(names: readonly string[]): Record<string, string> {
  if (!names.includes('docs')) return {};
  const openapi = parse(readFileSync(join(projectDirectory, 'openapi.yaml'), 'utf8'));
  return { OPENAPI_JSON: JSON.stringify(JSON.stringify(openapi)) };
}

/**
 * The esbuild options of all bundles. CommonJS, since `require` of a bundle with the SDK, zod, jose and
 * Powertools takes 51 ms where `import` of the same as ESM takes 58; no source maps, since loading them
 * with `--enable-source-maps` adds 12 ms to that (medians of 60 runs, Node 20, 494 KB minified).
 */
export function bundleOptions({
  outdir,
  names = functionNames,
  sourceDirectory = join(projectDirectory, 'functions'),
}: BundleTarget = {}) {
  return {
    absWorkingDir: projectDirectory,
    entryPoints: names.map((name) => ({
      in: join(sourceDirectory, folderOf(name), 'index.ts'),
      out: join(bundleDirectory(name, outdir), 'index'),
    })),
    outdir: outdir ?? join(projectDirectory, 'build'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // The SDK's `import('node:http')` becomes a `require`: 1.7 ms less before the first request of a cold start.
    supported: { 'dynamic-import': false },
    // The SDK's ES modules shake to 200 KB less than its CommonJS twins.
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': join(projectDirectory, 'shared/aws/environment-credentials.ts'),
      '@aws-sdk/middleware-endpoint-discovery': join(projectDirectory, 'shared/aws/endpoint-discovery.ts'),
    },
    loader: { '.html': 'text', '.css': 'text', '.yaml': 'text', '.svg': 'text', '.png': 'binary' },
    define: constants(names),
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  } as const satisfies BuildOptions;
}

/** Without it `index.js` would count as an ES module wherever a folder above says so, as this project does. */
function declareCommonJs({ outdir, names = functionNames }: BundleTarget): void {
  for (const name of names) {
    const directory = bundleDirectory(name, outdir);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'package.json'), '{ "type": "commonjs" }\n');
  }
}

function writeMetafile(metafile: Metafile, outdir = join(projectDirectory, 'build')): Metafile {
  const path = join(outdir, 'meta.json');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(metafile));
  return metafile;
}

/** Builds all functions and writes `meta.json` beside them; rejects with esbuild's errors. */
export async function bundleFunctions(target: BundleTarget = {}): Promise<Metafile> {
  declareCommonJs(target);
  const { metafile } = await build(bundleOptions(target));
  return writeMetafile(metafile, target.outdir);
}

/** The same for synthesis, which cannot wait; throws esbuild's errors. */
export function bundleFunctionsSync(target: BundleTarget = {}): Metafile {
  declareCommonJs(target);
  const { metafile } = buildSync(bundleOptions(target));
  return writeMetafile(metafile, target.outdir);
}

/** A context that rebuilds or watches with the same options; `extra` adds plugins and the like. */
export function bundleContext(target: BundleTarget = {}, extra: BuildOptions = {}): Promise<BuildContext> {
  declareCommonJs(target);
  return context({ ...bundleOptions(target), ...extra });
}
