/**
 * How the image library gets into the bundle of `uploads`. Its WebAssembly build runs on every processor and system, so the
 * same bytes run on Lambda and locally. It stays a package of its own beside the bundle, unchanged and replaceable, as the
 * license of a part of it demands (docs/decisions/0029-image-library.md).
 */
import { cpSync, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

const modules = resolve(import.meta.dirname, '../node_modules');

/** The package that the bundle requires at run time. */
const webAssemblyPackage = '@img/sharp-wasm32';

/** The part of esbuild's options that is about the library. Bundles without the library do not change by it. */
export const imageLibraryOptions = {
  external: [`${webAssemblyPackage}/*`],
  alias: { 'node:module': resolve(import.meta.dirname, '../functions/uploads/images/create-require.ts') },
} as const;

/** Copies the WebAssembly build, with its license, beside each bundle of a build that contains the library. */
export function copyImageLibrary({ outputs }: Metafile, workingDirectory: string): void {
  for (const [path, { inputs }] of Object.entries(outputs)) {
    if (!Object.keys(inputs).some((input) => input.includes('node_modules/sharp/'))) continue;
    const beside = join(workingDirectory, dirname(path), 'node_modules');
    if (existsSync(join(beside, webAssemblyPackage))) continue;
    for (const name of [webAssemblyPackage, 'tslib'])
      cpSync(join(modules, name), join(beside, name), { recursive: true, dereference: true });
  }
}
