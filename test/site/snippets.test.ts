/** Every snippet of the docs site and the README is checked by the compiler, run, or looked up. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createChatClient, type ChatClient, type Room } from '../../client/src/index.ts';
import { programFile } from '../../tools/package-program.ts';
import { useRuntime } from '../kit/use-runtime.ts';
import { becomesTrue } from '../kit/eventually.ts';
import { checkCommand, checkCommands, commandsIn } from './commands.ts';
import { runHttp, runPython, runShell, runTypeScript, type SnippetEnvironment } from './run-snippet.ts';
import { expectedOutput, readSnippets, snippetsIn, writeProgram, type Snippet } from './snippets.ts';

const folder = join('build', 'site-snippets');
const snippets = readSnippets();
const inLanguages = (...languages: string[]): Snippet[] =>
  snippets.filter(({ language }) => languages.includes(language));
const named = (list: Snippet[]): [string, Snippet][] =>
  list.map((snippet) => [`${snippet.document}:${snippet.line}`, snippet]);

const typed = inLanguages('ts', 'tsx', 'js');
const compile = (project: string): Promise<unknown> =>
  promisify(execFile)(process.execPath, [programFile('tsc'), '-p', project]).catch(
    ({ stdout }: { stdout: string }) => Promise.reject(new Error(stdout)),
  );

describe('the snippets in TypeScript', () => {
  it('satisfy the compiler', async () => {
    expect(typed.length).toBeGreaterThan(10);
    writeProgram(typed, folder);
    await compile(folder);
  });

  it('fail the compiler at their line of the document when they are wrong', async () => {
    const wrong = join('build', 'site-snippets-wrong');
    writeProgram(snippetsIn('a.md', 'Text\n\n```ts\nroom.send(1);\n```\n'), wrong);
    await expect(compile(wrong)).rejects.toThrow(/a\.md\.4\.ts\(4,11\)/);
  });
});

describe('the snippets in JSON', () => {
  it.each(named(inLanguages('json')))('are JSON at %s', (_, { code }) => {
    expect(() => JSON.parse(code)).not.toThrow();
  });
});

describe('the commands in snippets', () => {
  it.each(named(inLanguages('sh').filter(({ isRunnable }) => !isRunnable)))('exist at %s', (_, snippet) => {
    expect(commandsIn(snippet.code).length).toBeGreaterThan(0);
    checkCommands(snippet);
  });

  it.each([
    ['npm run nothing', 'package.json has no script nothing'],
    ['npm start -- --none', '--none'],
    ['NOTHING=1 npm start', 'No setting and no variable of npm start is called NOTHING'],
    ['npx nothing', 'Unknown command: npx nothing'],
    ['curl x', 'Unknown command: curl x'],
  ])('are refused when they do not exist: %s', (line, message) => {
    expect(() => checkCommand(line)).toThrow(message);
  });
});

describe('the snippets that run', () => {
  const { runtime } = useRuntime({ faults: true, startsFunctionsOnDemand: false });
  const globals: Record<string, unknown> = globalThis;
  let client: ChatClient;
  let room: Room;
  let environment: SnippetEnvironment;

  beforeAll(async () => {
    const { url } = runtime();
    globals['WebSocket'] ??= WebSocket;
    for (const username of ['ann', 'bob'])
      await createChatClient({ url }).http.registerUser({ username, password: 'lantern-orbit-42' });
    client = createChatClient({ url });
    await client.signIn('ann', 'lantern-orbit-42');
    client.connect();
    room = client.room('general');
    await becomesTrue(() => room.status === 'live', 15_000);
    const { access } = await client.http.loginUser({ username: 'ann', password: 'lantern-orbit-42' });
    environment = { url, folder: join(folder, 'run'), variables: { access, room_id: room.roomId! } };
    Object.assign(globals, { client, room });
  });
  afterAll(() => {
    client.disconnect();
    delete globals['client'];
    delete globals['room'];
  });

  // Snippets share a room: what one of them sends is stored before the next one runs.
  afterEach(async () => {
    const isStored = await becomesTrue(() => room.messages.every(({ state }) => state !== 'sending'), 15_000);
    if (!isStored) throw new Error('A message of the snippet was not stored');
  });

  it.each(named(typed.filter(({ isRunnable }) => isRunnable)))('run at %s', async (_, snippet) => {
    const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
    await runTypeScript(snippet, environment);
    expect(printed.mock.calls.map((values) => values.join(' '))).toEqual(expectedOutput(snippet));
  });

  it.each(named(inLanguages('http')))('send requests at %s', async (_, snippet) => {
    const statuses = await runHttp(snippet, environment);
    expect(statuses.filter((status) => status >= 400)).toEqual([]);
  });

  it
    .skipIf(process.platform === 'win32')
    .each(named(inLanguages('sh').filter(({ isRunnable }) => isRunnable)))(
    'run commands at %s',
    async (_, snippet) => {
      expect(await runShell(snippet, environment)).not.toBe('');
    },
  );

  it.skipIf(spawnSync('python3', ['--version']).status !== 0).each(named(inLanguages('python')))(
    'run in Python at %s',
    async (_, snippet) => {
      expect((await runPython(snippet, environment)).trimEnd().split('\n')).toEqual(expectedOutput(snippet));
    },
  );
});

it('the links and images of the README lead to files', () => {
  const targets = [...readFileSync('README.md', 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)];
  const missing = targets.map(([, path]) => path!).filter((path) => !existsSync(path));
  expect(targets.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});

it('every snippet is in a language that has a check, or is prose', () => {
  const checked = ['ts', 'tsx', 'js', 'json', 'sh', 'http', 'python'];
  const prose = ['', 'text', 'mermaid'];
  const others = snippets.filter(({ language }) => ![...checked, ...prose].includes(language));
  expect(others).toEqual([]);
});
