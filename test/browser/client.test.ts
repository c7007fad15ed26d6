/** The client in a real browser with nothing but its `url`: storage, tabs, a lost network, and views of a room. */
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundles } from '../../client/build.ts';
import { useDeployment } from '../kit/deployment.ts';
import { uniqueName } from '../kit/names.ts';
import { startTestRuntime, type TestRuntime } from '../kit/runtime.ts';
import { newUser } from '../kit/users.ts';
import { chromium, servePage, useBrowser } from './use-browser.ts';

const browser = useBrowser();
let served: Awaited<ReturnType<typeof servePage>>;
let started: TestRuntime;
/** Creates a connected client as `client` in each page that is loaded. */
let script: string;

beforeAll(async () => {
  if (chromium === undefined) return;
  served = await servePage();
  // Heartbeats as in a deployment, so that they do not notice a lost network first.
  started = await startTestRuntime({
    settings: { ALLOWED_ORIGINS: served.origin, HEARTBEAT_SECONDS: '240' },
  });
  useDeployment(started.runtime.url);
  const { outputFiles } = await build({
    ...bundles('/')['browser.min.js'],
    sourcemap: false,
    format: 'iife',
    globalName: 'chat',
    write: false,
  });
  script = `${outputFiles[0]?.text};
    window.client = chat.createChatClient({ url: '${started.runtime.url}' });
    client.connect();`;
});

afterAll(async () => {
  useDeployment(undefined);
  await started?.stop();
  served?.server.close();
});

/** Opens a page of a new browser profile with a connected client. */
async function openPage(): Promise<Page> {
  const page = await browser.open(served.origin, { expectedErrors: [/ERR_INTERNET_DISCONNECTED/] });
  await page.context().addInitScript({ content: script });
  await page.reload();
  return page;
}

const state = (page: Page): Promise<string> => page.evaluate<string>('client.getSnapshot().state');

/** For what has no limit of its own. A machine that does other things as well may take longer than a second. */
const patience = { timeout: 10_000 };

async function become(page: Page, expected: string, timeout = 10_000): Promise<void> {
  await expect.poll(() => state(page), { timeout, interval: 50 }).toBe(expected);
}

const signIn = async (page: Page): Promise<string> => {
  const { username, password } = await newUser('ann');
  await page.evaluate(`client.signIn('${username}', '${password}')`);
  return username;
};

/** Returns how many rows each object store of the client's database has. */
const countStored = `(async () => {
  const resultOf = (request) =>
    new Promise((resolve) => request.addEventListener('success', () => resolve(request.result)));
  const [{ name }] = await indexedDB.databases();
  const database = await resultOf(indexedDB.open(name));
  const counts = {};
  for (const store of database.objectStoreNames)
    counts[store] = await resultOf(database.transaction(store).objectStore(store).count());
  database.close();
  return counts;
})()`;

describe.skipIf(chromium === undefined)('a client on a page', () => {
  test('outlives a reload, and follows a sign-in and a sign-out in another tab', async () => {
    const page = await openPage();
    await become(page, 'signed-out');
    const tab = await page.context().newPage();
    await tab.goto(served.origin);
    await become(tab, 'signed-out');
    const username = await signIn(page);
    await become(page, 'live');
    await become(tab, 'live');
    await page.reload();
    await become(page, 'live');
    expect(await page.evaluate('client.user.username')).toBe(username);
    await tab.evaluate('client.signOut()');
    await become(page, 'signed-out');
    expect(await page.evaluate('localStorage.length')).toBe(0);
  });

  test('shows the messages of a room after a reload while the server cannot be reached, and none after a sign-out', async () => {
    const page = await openPage();
    await signIn(page);
    const name = uniqueName('stored');
    const open = `window.room = client.room('${name}')`;
    const texts = (): Promise<string[]> => page.evaluate('room.messages.map(({ content }) => content)');
    await page.evaluate(open);
    await expect.poll(() => page.evaluate('room.status'), patience).toBe('live');
    await page.evaluate("room.send('kept on the device')");
    await expect.poll(() => page.evaluate('room.messages[0]?.state'), patience).toBe('sent');
    await expect
      .poll(() => page.evaluate(countStored), patience)
      .toEqual({ facts: 1, rooms: 1, messages: 1 });
    await page.context().route('**/chat/**', (route) => route.abort('internetdisconnected'));
    await page.reload();
    await page.evaluate(open);
    await expect.poll(texts, patience).toEqual(['kept on the device']);
    expect(await page.evaluate('room.status')).toBe('opening');
    await page.context().unroute('**/chat/**');
    await page.evaluate('client.reconnectNow()');
    await expect.poll(() => page.evaluate('room.status'), patience).toBe('live');
    expect(await texts()).toEqual(['kept on the device']);
    await page.evaluate('client.signOut()');
    expect(await page.evaluate(countStored)).toEqual({ facts: 0, rooms: 0, messages: 0 });
  });

  test('is offline within four seconds without a network, sends then what was written, and is live with one', async () => {
    const page = await openPage();
    await signIn(page);
    await page.evaluate(`window.room = client.room('${uniqueName('offline')}')`);
    await expect.poll(() => page.evaluate('room.status'), patience).toBe('live');
    await page.context().setOffline(true);
    await become(page, 'offline', 4_000);
    expect(await page.evaluate('client.getSnapshot().problem.detail')).toBe(
      'This device is offline. The client connects when the network is back.',
    );
    await page.evaluate(`room.send('written offline')`);
    await page.context().setOffline(false);
    await become(page, 'live');
    await expect
      .poll(() => page.evaluate('room.messages.map(({ state }) => state).join()'), patience)
      .toBe('sent');
  });

  test('keeps its socket and stays live when its only view of a room is closed and opened in one tick', async () => {
    const page = await openPage();
    await signIn(page);
    await page.evaluate(`window.room = client.room('${uniqueName('mounted')}')`);
    await expect.poll(() => page.evaluate('room.status'), patience).toBe('live');
    const statuses = await page.evaluate(`Array.from({ length: 5 }, () => {
      room.close();
      window.room = client.room(room.key);
      return room.status;
    })`);
    expect(statuses).toEqual(['live', 'live', 'live', 'live', 'live']);
    await page.evaluate(`room.send('still here')`);
    await expect
      .poll(() => page.evaluate('room.messages.map(({ state }) => state).join()'), patience)
      .toBe('sent');
    const events = await page.evaluate<{ event: string; type?: string }[]>('client.eventLog()');
    expect(events.filter(({ type }) => type === 'join' || type === 'leave')).toHaveLength(1);
    expect(events.filter(({ event }) => event === 'connection.open')).toHaveLength(1);
  });
});
