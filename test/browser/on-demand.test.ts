/** The client as a page without a bundler loads it in parts: the code of the list of rooms comes when the list is used. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundles } from '../../client/build.ts';
import { useDeployment } from '../kit/deployment.ts';
import { uniqueName } from '../kit/names.ts';
import { startTestRuntime, type TestRuntime } from '../kit/runtime.ts';
import { newUser } from '../kit/users.ts';
import { chromium, useBrowser } from './use-browser.ts';

const browser = useBrowser();
let server: Server;
let origin: string;
let started: TestRuntime;
/** The name of the file that has the code of the list. */
let part: string;
/** Whether the server has that file. */
let hasPart = true;
/** How often it was requested. */
let requests = 0;

beforeAll(async () => {
  if (chromium === undefined) return;
  const { outputFiles, metafile } = await build({
    ...bundles('/')['index.js'],
    sourcemap: false,
    write: false,
    metafile: true,
  });
  const files = new Map(outputFiles.map(({ path, text }) => [`/${basename(path)}`, text]));
  const [path = ''] =
    Object.entries(metafile.outputs).find(([, { entryPoint }]) =>
      entryPoint?.endsWith('rooms/live-room-list.ts'),
    ) ?? [];
  part = `/${basename(path)}`;
  server = createServer(({ url = '' }, response) => {
    const code = files.get(url);
    if (url === part) requests += 1;
    if (url === part && !hasPart) response.statusCode = 404;
    response.setHeader('content-type', code === undefined ? 'text/html' : 'text/javascript');
    response.end(code ?? '<!doctype html><title>A page</title><link rel="icon" href="data:," />');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  started = await startTestRuntime({ settings: { ALLOWED_ORIGINS: origin } });
  useDeployment(started.runtime.url);
});

afterAll(async () => {
  useDeployment(undefined);
  await started?.stop();
  server?.close();
});

/** Opens a page with a client that is connected, and has a room. */
async function openPage(): Promise<Page> {
  const { username, password } = await newUser('ann');
  const page = await browser.open(origin, { expectedErrors: [/404/] });
  await page.evaluate(`import('/index.js').then(async (chat) => {
    window.client = chat.createChatClient({ url: '${started.runtime.url}' });
    await client.signIn('${username}', '${password}');
    client.connect();
    await client.http.createRoom({ room_name: '${uniqueName('first')}' });
  })`);
  return page;
}

const follow = (page: Page): Promise<void> => page.evaluate('void client.rooms.subscribe(() => {})');
const patience = { timeout: 15_000 };

const list = (page: Page): Promise<unknown> =>
  page.evaluate(`(() => {
    const { status, rooms, problem } = client.rooms.getSnapshot();
    return { status, count: rooms.length, code: problem?.code };
  })()`);

describe.skipIf(chromium === undefined)('the list of rooms on a page', () => {
  test('is loaded with its code when it is first used, and follows the rooms', async () => {
    const page = await openPage();
    const before = requests;
    expect(await list(page)).toEqual({ status: 'loading', count: 0, code: undefined });
    await follow(page);
    await follow(page);
    await expect.poll(() => list(page), patience).toEqual({ status: 'live', count: 1, code: undefined });
    expect(requests - before).toBe(1);
    await page.evaluate(`client.http.createRoom({ room_name: '${uniqueName('second')}' })`);
    await expect.poll(() => list(page), patience).toMatchObject({ count: 2 });
  });

  test('has a problem while its code is not there, and is live after a reload at the latest', async () => {
    hasPart = false;
    const page = await openPage();
    await follow(page);
    await expect
      .poll(() => list(page), patience)
      .toEqual({ status: 'loading', count: 0, code: 'unreachable' });
    hasPart = true;
    // Browsers before 2026 remember the failure until then.
    await page.reload();
    await page.evaluate(`import('/index.js').then((chat) => {
      window.client = chat.createChatClient({ url: '${started.runtime.url}' });
      client.connect();
    })`);
    await follow(page);
    await expect.poll(() => list(page), patience).toEqual({ status: 'live', count: 1, code: undefined });
  });
});
