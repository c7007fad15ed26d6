/**
 * Runs a TypeScript file of this project: `node tools/run.mjs FILE args…`. Owns what must hold before any
 * dependency can be imported: the Node version and the installed packages. Plain JavaScript on purpose.
 */

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, constants } from 'node:os';
import { join, resolve } from 'node:path';

const oldestNode = [20, 19];
/** On so few processors the garbage collector's helpers only take turns with those whom they help: 4 % of all work. */
const nodeOptions = availableParallelism() > 2 ? [] : ['--single-threaded-gc'];
const projectDirectory = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const lockFile = join(projectDirectory, 'package-lock.json');
const installedLockFile = join(projectDirectory, 'node_modules', '.package-lock.json');
const markerFile = join(projectDirectory, 'node_modules', '.installed-lock-hash');

requireNode(process.versions.node);
const [file, ...fileArguments] = process.argv.slice(2);
if (file === undefined) fail('usage: node tools/run.mjs FILE args…');
installPackages();
run(file, fileArguments);

function requireNode(version) {
  const [major, minor] = version.split('.').map(Number);
  const recent = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (!recent) fail(`Node ${oldestNode.join('.')} or later is needed, this is ${version}`);
}

/** Installs when the packages are not those of the lock file. */
function installPackages() {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(markerFile)) {
    if (readFileSync(markerFile, 'utf8') === hash) return;
  } else if (isInstalled()) {
    writeFileSync(markerFile, hash);
    return;
  }
  process.stderr.write('installing packages (npm ci)\n');
  const npm = spawnSync('npm', ['ci', '--no-progress'], {
    cwd: projectDirectory,
    // Its output goes to standard error: standard output is the file's own.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) fail('npm ci failed, see above');
  writeFileSync(markerFile, hash);
}

/** Whether an installation made without this file holds what the lock file asks for. */
function isInstalled() {
  if (!existsSync(installedLockFile)) return false;
  const installed = JSON.parse(readFileSync(installedLockFile, 'utf8')).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(lockFile, 'utf8')).packages);
  return wanted.every(([path, { version, optional, peer }]) => {
    if (path === '') return true;
    if (installed[path] === undefined) return optional === true || peer === true;
    return installed[path].version === version;
  });
}

function run(path, args) {
  const child = spawn(process.execPath, [...nodeOptions, '--import', 'tsx', resolve(path), ...args], {
    cwd: projectDirectory,
    // The channel closes when this process is killed outright, which tells the child to stop.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
