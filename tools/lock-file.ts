/** Reads package-lock.json: what is installed, from where in the tree, and by whom it is wanted. No network. */
import { readFileSync } from 'node:fs';

export interface LockedPackage {
  /** Where it is installed, such as `node_modules/a/node_modules/b`. */
  path: string;
  name: string;
  version: string;
  /** SPDX expression; undefined when the package does not say. */
  licence: string | undefined;
  /** Subresource integrity; none for what comes inside another package's archive. */
  integrity: string | undefined;
  isBundled: boolean;
  /** Needed to build and test only. */
  isDev: boolean;
  /** Wants to run code when it is installed. */
  hasInstallScript: boolean;
  /** Installed packages that it asks for, by path. */
  dependencies: string[];
}

interface LockEntry {
  name?: string;
  version?: string;
  license?: string;
  integrity?: string;
  inBundle?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

export interface LockFile {
  lockfileVersion: number;
  packages: Record<string, LockEntry>;
}

export function readLockFile(file = 'package-lock.json'): LockFile {
  return JSON.parse(readFileSync(file, 'utf8')) as LockFile;
}

/** Everything in the lock file but the project itself, by path. */
export function lockedPackages({ packages }: LockFile): LockedPackage[] {
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => ({
      path,
      name: entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version ?? '',
      licence: entry.license,
      integrity: entry.integrity,
      isBundled: entry.inBundle === true,
      isDev: entry.dev === true || entry.devOptional === true,
      hasInstallScript: entry.hasInstallScript === true,
      dependencies: dependenciesOf(path, packages),
    }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** What the package at that path asks for and gets, by path; of the project itself for the empty one. */
export function dependenciesOf(path: string, packages: LockFile['packages']): string[] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = packages[path] ?? {};
  const wanted = { ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies };
  return Object.keys(wanted)
    .flatMap((name) => installedFor(path, name, packages) ?? [])
    .sort();
}

/** As Node.js finds it: in the package's own folder, or in that of one above. */
function installedFor(path: string, name: string, packages: LockFile['packages']): string | undefined {
  for (let above = path; ; above = above.slice(0, Math.max(0, above.lastIndexOf('/node_modules/')))) {
    const candidate = `${above === '' ? '' : `${above}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (above === '') return undefined;
  }
}
