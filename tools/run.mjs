/**
 * Runs a TypeScript file of this project: `node tools/run.mjs FILE args…`. First it checks the Node.js version and installs
 * missing packages, which is why it is plain JavaScript without dependencies.
 */

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, constants } from 'node:os';
import { join, resolve } from 'node:path';

const oldestNode = [20, 19];
/** With one or two processors the garbage collector's helper threads only compete with the main thread: 4 % of all work. */
const nodeOptions = availableParallelism() > 2 ? [] : ['--single-threaded-gc'];
const projectDirectory = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const lockFile = join(projectDirectory, 'package-lock.json');
const installedLockFile = join(projectDirectory, 'node_modules', '.package-lock.json');
const markerFile = join(projectDirectory, 'node_modules', '.installed-lock-hash');

requireNode(process.versions.node);
const [file, ...fileArguments] = process.argv.slice(2);
if (file === undefined) fail('Usage: node tools/run.mjs FILE args…');
installPackages();
run(file, fileArguments);

function requireNode(version) {
  const [major, minor] = version.split('.').map(Number);
  const recent = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (!recent) fail(`Node.js ${oldestNode.join('.')} or later is required; this is ${version}`);
}

/** Runs `npm ci` unless the installed packages are those of the lock file. */
function installPackages() {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(markerFile)) {
    if (readFileSync(markerFile, 'utf8') === hash) return;
  } else if (isInstalled()) {
    writeFileSync(markerFile, hash);
    return;
  }
  refuseLink(join(projectDirectory, 'node_modules'));
  process.stderr.write('Installing packages (npm ci)\n');
  const npm = spawnSync('npm', ['ci', '--no-progress'], {
    cwd: projectDirectory,
    // npm prints to standard error, so that standard output holds only what the file prints.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) fail('npm ci failed; its output is above');
  writeFileSync(markerFile, hash);
}

/** `npm ci` empties the folder to which a link leads, such as packages that several copies of the project share. */
function refuseLink(path) {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  fail('node_modules is a link to packages of another lock file. Install them there, or remove the link');
}

/** Whether the installed packages are those of the lock file, for an installation that was made without this file. */
function isInstalled() {
  if (!existsSync(installedLockFile)) return false;
  const installed = JSON.parse(readFileSync(installedLockFile, 'utf8')).packages;
  const locked = Object.entries(JSON.parse(readFileSync(lockFile, 'utf8')).packages);
  return locked.every(([path, { version, optional, peer }]) => {
    if (path === '') return true;
    if (installed[path] === undefined) return optional === true || peer === true;
    return installed[path].version === version;
  });
}

function run(path, args) {
  const child = spawn(process.execPath, [...nodeOptions, '--import', 'tsx', resolve(path), ...args], {
    cwd: projectDirectory,
    // The channel closes when this process is killed, which makes the child stop.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env['npm_lifecycle_event'] !== undefined) onEndOfNpm(() => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}

/**
 * Calls back once npm, or the shell in which npm runs a script, has ended. npm passes SIGTERM to that shell alone, which
 * ends without passing it on, and SIGHUP ends npm alone: this process learns of neither in any other way.
 */
function onEndOfNpm(callback) {
  const parent = process.ppid;
  const { isShell, ppid: npm } = describeProcess(parent);
  const timer = setInterval(() => {
    // A process whose parent has ended gets another one.
    if (process.ppid === parent && isAlive(parent) && !(isShell && !isAlive(npm))) return;
    clearInterval(timer);
    callback();
  }, 100);
  timer.unref();
}

/** Returns the parent of a process and whether it is a shell, as far as the system tells. */
function describeProcess(pid) {
  let line = '';
  try {
    // Linux; `ps` is missing in small images. The name is in parentheses: `7 (sh) S 5 …`.
    line = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^\d+ \((.*)\) \S (\d+) .*$/s, '$2 $1');
  } catch {
    // Other systems; on Windows there is neither, and signals are not delivered either.
    line = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  }
  const [, ppid, name = ''] = /^\s*(\d+)\s+(.*?)\s*$/.exec(line) ?? [];
  return { ppid: Number(ppid), isShell: ppid !== undefined && /(^|\/)(ba|da|z|k|a)?sh$/.test(name) };
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process belongs to another user, so it exists.
    return error.code === 'EPERM';
  }
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
