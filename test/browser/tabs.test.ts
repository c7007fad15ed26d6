/** Tabs of one user on the page: one WebSocket serves them, and another tab opens it again when its tab is gone. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { uniqueName } from '../kit/names.ts';
import { newUser } from '../kit/users.ts';
import {
  createRoom,
  expectSent,
  messageField,
  messageWith,
  openPublicRoom,
  signIn,
  write,
} from './page-views.ts';
import { chromium, useBrowser } from './use-browser.ts';
import { usePageRuntime } from './use-page-runtime.ts';

const browser = useBrowser();
const runtime = usePageRuntime();

const socketCount = (): number => runtime().gateway.connectionCount();

/** Opens the page in another tab of the same profile, where its user is signed in. */
async function openTab(page: Page): Promise<Page> {
  const tab = await page.context().newPage();
  await tab.goto(runtime().url);
  await tab.getByRole('navigation', { name: 'Rooms' }).waitFor();
  return tab;
}

/** Opens tabs of one user that show the same new room. */
async function openTabs(count: number): Promise<Page[]> {
  const first = await browser.open(runtime().url, { expectedErrors: [/The page crashed/] });
  await signIn(first, await newUser());
  const name = uniqueName('tabs');
  await createRoom(first, name);
  const tabs = [first];
  while (tabs.length < count) {
    const tab = await openTab(first);
    await openPublicRoom(tab, name);
    tabs.push(tab);
  }
  return tabs;
}

/** Sends a text in a tab, and waits until every tab shows it once. */
async function say(tab: Page, text: string, tabs: readonly Page[]): Promise<void> {
  await write(tab, text);
  await expectSent(tab, text);
  for (const one of tabs) await messageWith(one, text).waitFor();
  for (const one of tabs) expect(await messageWith(one, text).count()).toBe(1);
}

describe.skipIf(chromium === undefined)('the tabs of one user', () => {
  test('share a WebSocket, send over it, and go on when the tab that opened it is closed', async () => {
    const tabs = await openTabs(3);
    expect(socketCount()).toBe(1);
    for (const [index, tab] of tabs.entries()) await say(tab, `from tab ${index}`, tabs);
    expect(socketCount()).toBe(1);
    const [first, ...others] = tabs as [Page, Page, Page];
    await first.close();
    await write(others[0], 'after the first tab was closed');
    for (const tab of others) await messageWith(tab, 'after the first tab was closed').waitFor();
    await say(others[1], 'the last tab', others);
    await expect.poll(socketCount).toBe(1);
    await others[0].context().close();
    await expect.poll(socketCount).toBe(0);
  });

  test('go on when the tab that has the WebSocket crashes', async () => {
    const [first, second] = (await openTabs(2)) as [Page, Page];
    await say(second, 'before the crash', [first, second]);
    const session = await first.context().newCDPSession(first);
    // Never answered: the process that would answer is gone.
    session.send('Page.crash').catch(() => undefined);
    await first.waitForEvent('crash');
    await say(second, 'after the crash', [second]);
    await expect.poll(socketCount).toBe(1);
    await second.context().close();
  });

  test('are signed out together', async () => {
    const [first, second] = (await openTabs(2)) as [Page, Page];
    await first.goto(`${runtime().url}/#/account`);
    await first.getByRole('button', { name: 'Sign out', exact: true }).click();
    await second.getByRole('button', { name: 'Sign in' }).waitFor();
    await messageField(second).waitFor({ state: 'detached' });
    await expect.poll(socketCount).toBe(0);
  });
});
