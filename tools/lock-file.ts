/** Reads the installed packages and their dependencies from package-lock.json, without the network. */
import { readFileSync } from 'node:fs';

export interface LockedPackage {
  /** The folder of the package, such as `node_modules/a/node_modules/b`. */
  path: string;
  name: string;
  version: string;
  /** An SPDX expression; undefined when the package does not state one. */
  license: string | undefined;
  /** The subresource integrity; undefined for a package that is bundled in another package's archive. */
  integrity: string | undefined;
  isBundled: boolean;
  /** Whether only building and testing need it. */
  isDev: boolean;
  /** Whether it runs code when it is installed. */
  hasInstallScript: boolean;
  /** The paths of the packages that it depends on. */
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
  /** Set for the link to a workspace of this project. */
  link?: boolean;
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

/** Returns all packages of the lock file except the project itself and its workspaces, sorted by path. */
export function lockedPackages({ packages }: LockFile): LockedPackage[] {
  return Object.entries(packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && link !== true)
    .map(([path, entry]) => ({
      path,
      name: entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version ?? '',
      license: entry.license,
      integrity: entry.integrity,
      isBundled: entry.inBundle === true,
      isDev: entry.dev === true || entry.devOptional === true,
      hasInstallScript: entry.hasInstallScript === true,
      dependencies: dependenciesOf(path, packages),
    }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Returns the paths of the packages that the package at a path depends on; the empty path is the project itself. */
export function dependenciesOf(path: string, packages: LockFile['packages']): string[] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = packages[path] ?? {};
  const declared = { ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies };
  return Object.keys(declared)
    .flatMap((name) => installedFor(path, name, packages) ?? [])
    .sort();
}

/** Looks the package up as Node.js does: in the node_modules of the folder, then in those of the folders above. */
function installedFor(path: string, name: string, packages: LockFile['packages']): string | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (folder === '') return undefined;
  }
}
