/** The npm package that holds the database binary of a platform, and the folder where a fetched one is kept. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What decides which binary runs: `process`, or a part of it in tests. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

export interface EnginePackage {
  name: string;
  /** The version of this project's manifest. */
  version: string;
  /** The binary's file name. */
  executable: string;
}

const manifestFile = new URL('../../package.json', import.meta.url);

export function enginePackage({ platform, arch }: Machine): EnginePackage {
  const { optionalDependencies }: { optionalDependencies: Record<string, string> } = JSON.parse(
    readFileSync(manifestFile, 'utf8'),
  );
  const versions = Object.entries(optionalDependencies).filter(([name]) => name.startsWith('@dynoxide/'));
  return {
    // Windows on ARM runs programs for x64.
    name: `@dynoxide/${platform}-${platform === 'win32' ? 'x64' : arch}`,
    version: versions[0]![1],
    executable: platform === 'win32' ? 'dynoxide.exe' : 'dynoxide',
  };
}

/** Returns the folder into which the engine's package is installed. It belongs to the user, so that `npm ci` keeps it. */
export function fetchedFolder(environment: NodeJS.ProcessEnv, machine: Machine): string {
  const { name, version } = enginePackage(machine);
  return join(cacheFolder(environment, machine), 'serverless-chat', `${name.replace('/', '-')}-${version}`);
}

export function fetchedEngine(environment: NodeJS.ProcessEnv, machine: Machine): string {
  const { name, executable } = enginePackage(machine);
  return join(fetchedFolder(environment, machine), 'node_modules', ...name.split('/'), executable);
}

/** Returns the folder in which programs of this platform keep what they can fetch again. */
function cacheFolder(environment: NodeJS.ProcessEnv, { platform }: Machine): string {
  if (platform === 'win32') return environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
}
