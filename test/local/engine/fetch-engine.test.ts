import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchedEngine, fetchedFolder } from '../../../local/engine/engine-package.ts';
import { fetchEngine } from '../../../local/engine/fetch-engine.ts';
import { findEngine } from '../../../local/engine/find-engine.ts';

const { version } = JSON.parse(readFileSync('node_modules/@dynoxide/linux-x64/package.json', 'utf8'));
const macOnArm = { platform: 'darwin', arch: 'arm64' } as const;

let home: string;
let lines: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fetch-'));
  lines = [];
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Writes a program that takes npm's place: it records its arguments, and installs `files` or fails. */
function npmThat(does: { installs: string } | { fails: string }): string {
  const file = join(home, 'npm-cli.cjs');
  const action =
    'installs' in does
      ? `const file = path.join(args[args.indexOf('--prefix') + 1], 'node_modules', ...${JSON.stringify(does.installs.split('/'))});
         fs.mkdirSync(path.dirname(file), { recursive: true });
         fs.writeFileSync(file, 'engine');`
      : `process.stderr.write(${JSON.stringify(does.fails)}); process.exitCode = 1;`;
  writeFileSync(
    file,
    `const fs = require('node:fs'); const path = require('node:path'); const args = process.argv.slice(2);
     fs.writeFileSync(${JSON.stringify(join(home, 'arguments.json'))}, JSON.stringify(args));
     ${action}`,
  );
  return file;
}

/** The cache folder of each platform lies in `home`, as far as a variable can say so. */
const environment = (npmFile: string): NodeJS.ProcessEnv => ({
  npm_execpath: npmFile,
  PATH: '',
  XDG_CACHE_HOME: home,
  LOCALAPPDATA: home,
});

const npmArguments = (): string[] => JSON.parse(readFileSync(join(home, 'arguments.json'), 'utf8'));
const log = { info: (line: string) => void lines.push(line) };

describe('the engine of a platform whose package is not installed', () => {
  it.each([
    [{ platform: 'linux', arch: 'arm64' }, '@dynoxide/linux-arm64', 'dynoxide'],
    [{ platform: 'win32', arch: 'x64' }, '@dynoxide/win32-x64', 'dynoxide.exe'],
    [{ platform: 'win32', arch: 'arm64' }, '@dynoxide/win32-x64', 'dynoxide.exe'],
  ] as const)('is fetched once for %o, at the version of the manifest', async (machine, name, executable) => {
    const env = environment(npmThat({ installs: `${name}/${executable}` }));
    expect(findEngine(env, machine)).toBeUndefined();
    const binary = await fetchEngine({ environment: env, machine, log });
    expect(npmArguments()).toContain(`${name}@${version}`);
    expect(npmArguments()).toContain('--ignore-scripts');
    expect(npmArguments().includes('--cpu=x64')).toBe(machine.platform === 'win32');
    expect(readFileSync(binary, 'utf8')).toBe('engine');
    expect(findEngine(env, machine)).toBe(binary);
    expect(lines).toEqual([
      `Fetching the database engine ${name}@${version} into ${fetchedFolder(env, machine)}`,
    ]);
  });

  it('is kept in the folder for caches of macOS', () => {
    expect(fetchedEngine({}, macOnArm)).toContain(join('Library', 'Caches', 'serverless-chat'));
  });

  it('says in one line why it cannot be fetched, and what to do instead', async () => {
    const machine = { platform: 'linux', arch: 's390x' } as const;
    const npm = npmThat({
      fails: 'npm error code E404\nnpm error 404 Not Found - GET @dynoxide\nnpm error more\n',
    });
    const env = environment(npm);
    const failure = await fetchEngine({ environment: env, machine, log }).catch(
      (error: Error) => error.message,
    );
    expect(failure).toMatch(
      /^The database engine for linux-s390x could not be fetched \(404 Not Found.*DYNAMODB_ENDPOINT/,
    );
    expect(failure).not.toContain('\n');
    expect(existsSync(fetchedFolder(env, machine))).toBe(false);
  });

  it('prefers an executable on the PATH to fetching', () => {
    const file = join(home, 'dynoxide');
    writeFileSync(file, '', { mode: 0o755 });
    expect(findEngine({ PATH: home }, macOnArm)).toBe(file);
  });
});
