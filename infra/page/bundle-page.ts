/** Builds the page into the folder of the function that copies it into its bucket, beside the function's handler. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildContext } from 'esbuild';
import { buildWebSync, webContext } from '../../web/build.ts';
import { pageDirectory } from '../bundle.ts';

/** The page's files lie here in the folder of the function; its handler knows the name. */
const filesIn = (directory: string): string => join(directory, 'files');

/** Builds the page for a synthesis. */
export function bundlePageSync(outdir?: string): void {
  const directory = pageDirectory(outdir);
  buildWebSync(filesIn(directory));
  addHandler(directory);
}

/** Returns a context that builds the page again and again, below `build` or another folder. */
export function pageContext(outdir?: string): Promise<BuildContext> {
  const directory = pageDirectory(outdir);
  addHandler(directory);
  return webContext(filesIn(directory));
}

function addHandler(directory: string): void {
  mkdirSync(directory, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'copy-files.mjs'), join(directory, 'index.mjs'));
}
