/** A fresh project outside of the repository, into which the package's tarball is installed. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { buildClient } from '../../client/build.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

export interface PackageProject {
  folder: string;
  /** The paths of the files in the tarball. */
  packed: readonly string[];
  /** Runs a program by Node.js in the project. Rejects with its output if it fails. */
  node(...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await run('npm', args, { cwd, shell: process.platform === 'win32' });
  return stdout;
}

/** Links packages of this repository, so that the project needs no network. */
async function linkPackages(modules: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(modules, name), 'junction');
  }
}

/** Builds and packs the client, installs the tarball with npm, and copies `programs` into the project. */
export async function createPackageProject(): Promise<PackageProject> {
  const folder = await mkdtemp(join(tmpdir(), 'chat-package-'));
  const built = join(folder, 'built');
  await buildClient(built);
  const [packed] = JSON.parse(await npm(['pack', built, '--json'], folder)) as [
    { filename: string; files: { path: string }[] },
  ];
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  await npm(['install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`], folder);
  await rm(built, { recursive: true });
  await linkPackages(join(folder, 'node_modules'), [
    'react',
    'react-dom',
    'ws',
    '@types/node',
    '@types/react',
    '@types/react-dom',
    '@types/ws',
  ]);
  await cp(join(import.meta.dirname, 'programs'), folder, { recursive: true });
  return {
    folder,
    packed: packed.files.map(({ path }) => path),
    node: async (...args) => (await run(process.execPath, args, { cwd: folder })).stdout,
    remove: () => rm(folder, { recursive: true }),
  };
}

/** The compilers that the declarations are tried with, by their version. */
export const compilers: Readonly<Record<string, string>> = {
  'TypeScript 7': join(root, 'node_modules/typescript/bin/tsc'),
  'TypeScript 6': join(root, 'client/node_modules/typescript/bin/tsc'),
};
