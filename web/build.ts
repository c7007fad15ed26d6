/**
 * Builds the page: its script and style sheet, the parts of the script that are loaded on demand, all with hashed names, and the
 * index page that names those of a first visit.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, buildSync, context, type BuildContext, type BuildOptions, type Metafile } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const projectDirectory = resolve(here, '..');

/** The folder of all files whose names contain a hash of their content. */
const hashedFolder = 'assets';

/** The page has no inline script or style, so that a strict content security policy fits. */
const optionsFor = (outdir: string) =>
  ({
    absWorkingDir: projectDirectory,
    entryPoints: [`${here}main.tsx`, `${here}style.css`],
    outdir: join(outdir, hashedFolder),
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    target: ['es2023', 'chrome111', 'firefox114', 'safari16.4'],
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.svg': 'file', '.woff2': 'file' },
    tsconfig: `${here}tsconfig.json`,
    metafile: true,
    logLevel: 'silent',
  }) as const satisfies BuildOptions;

/**
 * Builds the page into a folder. Files of an earlier build are removed once the index page names the new ones.
 *
 * @returns the names of the files; all but `index.html` have a hash of their content in their names
 * @throws esbuild's errors
 * @example
 * const files = await buildWeb('build/web'); // ['index.html', 'assets/main-4NHQ6KZL.js', 'assets/style-7PXV2C3A.css']
 */
export async function buildWeb(outdir: string): Promise<string[]> {
  const { metafile } = await build(optionsFor(outdir));
  return finish(metafile, outdir);
}

/** Does the same synchronously, for the synthesis. */
export function buildWebSync(outdir: string): string[] {
  const { metafile } = buildSync(optionsFor(outdir));
  return finish(metafile, outdir);
}

/** Returns a context that builds the page again and again. */
export function webContext(outdir: string): Promise<BuildContext> {
  const afterBuild = {
    name: 'index-page',
    setup({ onEnd }: { onEnd: (callback: (result: { metafile?: Metafile }) => void) => void }): void {
      onEnd(({ metafile }) => {
        if (metafile !== undefined) finish(metafile, outdir);
      });
    },
  };
  return context({ ...optionsFor(outdir), plugins: [afterBuild] });
}

/** Writes the index page for a build, and then removes the files of earlier ones. */
function finish(metafile: Metafile, outdir: string): string[] {
  const nameOf = (path: string): string =>
    relative(outdir, resolve(projectDirectory, path)).replaceAll('\\', '/');
  const hashed = Object.keys(metafile.outputs).map(nameOf);
  const template = readFileSync(`${here}index.html`, 'utf8');
  mkdirSync(outdir, { recursive: true });
  const page = withHashedNames(template, hashed);
  const first = links('modulepreload', partsOfFirstVisit(metafile).map(nameOf));
  const later = links('prefetch', partsForLater(metafile).map(nameOf));
  writeFileSync(join(outdir, 'index.html'), page.replace('  </head>', `${first}${later}  </head>`));
  for (const name of readdirSync(join(outdir, hashedFolder)))
    if (!hashed.includes(`${hashedFolder}/${name}`)) rmSync(join(outdir, hashedFolder, name));
  return ['index.html', ...hashed];
}

/** The parts of the client that every signed-in user needs: they are loaded as soon as the script has started. */
const partsOfStart = ['tabs/tabs.ts', 'offline/room-cache.ts', 'rooms/live-room-list.ts'].map(
  (name) => `client/src/${name}`,
);

/**
 * Returns the scripts that every visit loads besides the entry: those parts of the client, and what they and the entry import.
 * Without links to them, the browser would find each only when the one before has arrived.
 */
function partsOfFirstVisit(metafile: Metafile): string[] {
  const [entry, ...parts] = closureOf(metafile, ['web/main.tsx', ...partsOfStart]);
  return parts.filter((part) => part !== entry);
}

/** What is used later, such as to upload and show files: a browser loads it once it has nothing else to do, so that it is there without a network. */
const partsOfFiles = ['client/src/uploads/uploader.ts', 'web/later.ts'];

function partsForLater(metafile: Metafile): string[] {
  const first = closureOf(metafile, ['web/main.tsx', ...partsOfStart]);
  return closureOf(metafile, partsOfFiles).filter((part) => !first.includes(part));
}

/** Returns the outputs of sources, each before what it imports. */
function closureOf({ outputs }: Metafile, sources: readonly string[]): string[] {
  const found = new Set<string>();
  const add = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: part, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement') add(part);
  };
  for (const source of sources) {
    const [path] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source) ?? [];
    if (path === undefined) throw new Error(`The build has no part for ${source}`);
    add(path);
  }
  return [...found];
}

const links = (relation: string, parts: readonly string[]): string =>
  parts.map((part) => `    <link rel="${relation}" href="/${part}" />\n`).join('');

/** Replaces `main.js` and `style.css` in the template by the names of the files that were built. */
function withHashedNames(template: string, files: readonly string[]): string {
  return template.replace(/"\/(main|style)\.(js|css)"/g, (_, name: string, ending: string) => {
    const file = files.find(
      (one) => one.startsWith(`${hashedFolder}/${name}-`) && one.endsWith(`.${ending}`),
    );
    if (file === undefined) throw new Error(`The build has no ${name}.${ending}`);
    return `"/${file}"`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildWeb(process.argv[2] ?? join(projectDirectory, 'build/web'));
