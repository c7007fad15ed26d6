/** Builds the page: one script and one style sheet with hashed names, and the index page that names them. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const defaultOutdir = `${here}../build/web`;

/**
 * Builds the page into an empty folder. It has no inline script or style, so that a strict content security policy
 * fits: `script-src 'self'; style-src 'self'`.
 *
 * @returns the names of the files in the folder; all but `index.html` have a hash of their content in their names
 * @example
 * const files = await buildWeb('build/web'); // ['index.html', 'main-4NHQ6KZL.js', 'style-7PXV2C3A.css']
 */
export async function buildWeb(outdir: string): Promise<string[]> {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const { metafile } = await build({
    entryPoints: [`${here}main.tsx`, `${here}style.css`],
    outdir,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2023', 'chrome111', 'firefox114', 'safari16.4'],
    define: { 'process.env.NODE_ENV': '"production"' },
    tsconfig: `${here}tsconfig.json`,
    metafile: true,
    logLevel: 'warning',
  });
  const hashed = Object.keys(metafile.outputs).map((path) => basename(path));
  const template = await readFile(`${here}index.html`, 'utf8');
  await writeFile(join(outdir, 'index.html'), withHashedNames(template, hashed));
  return ['index.html', ...hashed];
}

/** Replaces `main.js` and `style.css` in the template by the names of the files that were built. */
function withHashedNames(template: string, files: readonly string[]): string {
  return template.replace(/"\/(main|style)\.(js|css)"/g, (_, name: string, ending: string) => {
    const file = files.find((one) => one.startsWith(`${name}-`) && one.endsWith(`.${ending}`));
    if (file === undefined) throw new Error(`The build has no ${name}.${ending}`);
    return `"/${file}"`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWeb(process.argv[2] ?? defaultOutdir);
