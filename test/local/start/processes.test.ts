import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, onTestFailed, vi } from 'vitest';
import { isAlive } from '../../../local/data-directory.ts';

const projectDirectory = resolve(import.meta.dirname, '../../..');
const directory = mkdtempSync(join(tmpdir(), 'processes-'));
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

function run(file: string, args: string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, ['tools/run.mjs', file, ...args], {
    cwd: projectDirectory,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function outcome(
  child: ChildProcess,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

function script(name: string, source: string): string {
  const file = join(directory, `${name}.mts`);
  writeFileSync(file, source);
  return file;
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return line;
}

async function callFixture(url: string, action: string): Promise<unknown> {
  const body = JSON.stringify({ pk: 'kept', sk: 'KEPT', text: 'yes' });
  return (await fetch(`${url}/api/${action}`, { method: 'POST', body })).json();
}

describe('tools/run.mjs', () => {
  it('runs a TypeScript file with its arguments and returns its exit code', async () => {
    const file = script(
      'code',
      'const code: number = 7; process.stdout.write(process.argv.slice(2).join("+")); process.exit(code);',
    );
    expect(await outcome(run(file, ['a', '--b']))).toEqual({ code: 7, stdout: 'a+--b', stderr: '' });
  });

  it('forwards signals and waits for the exit code', async () => {
    const file = script(
      'signal',
      `process.on('SIGTERM', () => setTimeout(() => process.exit(5), 50)); setInterval(() => {}, 1000); process.stdout.write('up\\n');`,
    );
    const child = run(file, []);
    await firstLine(child);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([5, null]);
  });

  it('installs the packages of the lock file only when they are missing or outdated', async () => {
    const project = join(directory, 'project');
    cpSync(join(projectDirectory, 'tools/run.mjs'), join(project, 'tools/run.mjs'));
    const loader = pathToFileURL(join(projectDirectory, 'node_modules/tsx/dist/loader.mjs')).href;
    mkdirSync(join(project, 'loader'));
    writeFileSync(join(project, 'loader/index.mjs'), `import '${loader}';`);
    const dependencies = { tsx: 'file:loader' };
    const packages = {
      '': { name: 'project', version: '1.0.0', dependencies },
      loader: { name: 'tsx', version: '1.0.0' },
      'node_modules/tsx': { resolved: 'loader', link: true },
    };
    const write = (name: string, value: object): void =>
      writeFileSync(join(project, name), JSON.stringify(value));
    write('loader/package.json', { name: 'tsx', version: '1.0.0', exports: './index.mjs' });
    write('package.json', { name: 'project', version: '1.0.0', dependencies });
    write('package-lock.json', {
      name: 'project',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages,
    });
    const file = script('hello', 'process.stdout.write("hello" as string);');
    const start = async (): Promise<string> => {
      const child = spawn(process.execPath, ['tools/run.mjs', file], {
        cwd: project,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const { code, stdout, stderr } = await outcome(child);
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello' });
      return stderr;
    };
    expect(await start()).toContain('npm ci');
    expect(await start()).not.toContain('npm ci');
    rmSync(join(project, 'node_modules/.installed-lock-hash'));
    expect(await start()).not.toContain('npm ci');
    write('package-lock.json', {
      name: 'project',
      version: '1.0.1',
      lockfileVersion: 3,
      requires: true,
      packages,
    });
    expect(await start()).toContain('npm ci');
  });

  it('prints its usage in one line when no file is given', async () => {
    const child = spawn(process.execPath, ['tools/run.mjs'], {
      cwd: projectDirectory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(await outcome(child)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Usage: .*\n$/) });
  });
});

describe('npm start', () => {
  it.each([
    [
      'an unknown flag',
      ['--fast'],
      {},
      /^Unknown option '--fast'\. The flags are --port, --fresh, --seed, --sample, --verbose, --help, --scale, --faults\.\n$/,
    ],
    ['an invalid port', [], { PORT: 'http' }, /^PORT must be a number from 0 to 65535, not "http"\.\n$/],
    [
      '--fresh with an external database',
      ['--fresh'],
      { DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' },
      /^--fresh .*\n$/,
    ],
  ])('rejects %s in one line', async (_what, flags, environment, message) => {
    const { code, stderr } = await outcome(run('local/main.ts', flags, environment));
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  it('explains its flags with --help', async () => {
    const { code, stdout } = await outcome(run('local/main.ts', ['--help']));
    expect(stdout).toContain('--seed');
    expect(code).toBe(0);
  });
});

describe('npm start, as npm runs it', () => {
  interface Started {
    npm: ChildProcess;
    url: string;
    /** The process ids of the database and, through its lock, of the runtime. */
    processIds: number[];
  }

  async function start(name: string): Promise<Started> {
    const data = join(directory, name);
    const npm = spawn('npm', ['start'], {
      cwd: projectDirectory,
      env: { ...process.env, PORT: '0', DATA_DIRECTORY: data },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    children.push(npm);
    for await (const line of createInterface({ input: npm.stdout })) {
      const [, url] = /^ready (\S+)/.exec(line) ?? [];
      if (url === undefined) continue;
      const processIds = ['runtime.pid', 'engine.pid'].map((file) =>
        Number(readFileSync(join(data, file), 'utf8')),
      );
      return { npm, url, processIds };
    }
    throw new Error('npm start ended before it was ready');
  }

  // npm passes SIGTERM on to the shell that it starts, and SIGHUP to no process. SIGINT comes from a terminal, which sends
  // it to every process of the group: a shell that receives it alone waits for its child.
  it.each([
    ['SIGTERM', 'npm'],
    ['SIGHUP', 'npm'],
    ['SIGINT', 'the process group'],
  ] as const)(
    'ends the runtime and its database and frees the port when %s is sent to %s',
    async (signal, receiver) => {
      const { npm, url, processIds } = await start(signal);
      // If the test fails, the chain is broken, and ending npm alone would leave these.
      onTestFailed(() => processIds.filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL')));
      expect((await fetch(`${url}/health/`)).status).toBe(200);
      expect(processIds.map(isAlive)).toEqual([true, true]);
      process.kill(receiver === 'npm' ? npm.pid! : -npm.pid!, signal);
      await vi.waitFor(() => expect(processIds.map(isAlive)).toEqual([false, false]), { timeout: 12_000 });
      await expect(fetch(`${url}/health/`)).rejects.toThrow('fetch failed');
    },
    60_000,
  );
});

describe('a run that is killed with SIGKILL', () => {
  it('ends its database, and the next run finds the data', async () => {
    const file = join(import.meta.dirname, 'fixture/serve.ts');
    const start = async (): Promise<{ url: string; engine: number; child: ChildProcess }> => {
      const child = spawn(process.execPath, ['--import', 'tsx', file, directory], {
        cwd: projectDirectory,
        // When its parent is killed, esbuild's process prints an error.
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      children.push(child);
      return { ...JSON.parse(await firstLine(child)), child };
    };
    const first = await start();
    await callFixture(first.url, 'put');
    first.child.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(first.engine)).toBe(false), { timeout: 5_000 });

    const second = await start();
    expect(await callFixture(second.url, 'get')).toMatchObject({ text: { S: 'yes' } });
    second.child.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(second.engine)).toBe(false), { timeout: 5_000 });
  }, 60_000);
});
