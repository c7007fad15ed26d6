/** Reads the project's sources, for tests of rules about them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { posix } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface Source {
  /** The path from the project's root. */
  path: string;
  text: string;
}

/** Returns the TypeScript sources under the folders. */
export function sourcesUnder(...folders: string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
      .map((name) => posix.join(folder, name))
      .map((path) => ({ path, text: readFileSync(`${root}${path}`, 'utf8') })),
  );
}

/** Returns the static and dynamic imports of a source, imports of types included, as paths from the root or package names. */
export function importsOf({ path, text }: Source): string[] {
  const specifiers = [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm)].map(
    ([, name]) => name ?? '',
  );
  return specifiers.map((name) => (name.startsWith('.') ? posix.join(posix.dirname(path), name) : name));
}
