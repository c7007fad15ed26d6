/** Searching messages on the page: words, marks, filters, other rooms, deleted messages, and the keyboard. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { call } from '../kit/deployment.ts';
import { newRoom, postMessage } from '../kit/rooms.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import { messageField, networkErrors, signIn } from './page-views.ts';
import { chromium, useBrowser } from './use-browser.ts';
import { usePageRuntime } from './use-page-runtime.ts';

const browser = useBrowser();
const runtime = usePageRuntime();
let ann: TestUser;
let room: any;
let other: any;
let deleted: any;

beforeAll(async () => {
  if (chromium === undefined) return;
  ann = await newUser('ann');
  [room, other] = [await newRoom(ann), await newRoom(ann)];
  for (const content of [
    'Wir treffen uns in der Straße',
    '私は東京に住んでいます',
    'see https://example.com/',
  ])
    await postMessage(ann, room, content);
  deleted = await postMessage(ann, room, 'a secret in the strasse');
  await postMessage(ann, other, 'strasse elsewhere');
});

async function openRoom(): Promise<Page> {
  const page = await browser.open(runtime().url, { expectedErrors: networkErrors });
  await signIn(page, ann);
  await page.getByRole('button', { name: room.room_name }).click();
  await messageField(page).waitFor();
  return page;
}

const results = (page: Page) =>
  page.getByRole('list', { name: 'Messages found' }).locator('> li').locator('.content');

async function search(page: Page, words: string): Promise<string[]> {
  await page.getByLabel('Words to search for').fill(words);
  await page.getByLabel('Words to search for').press('Enter');
  await page.getByText(/All messages have been searched|No message found/).waitFor();
  return results(page).allTextContents();
}

describe.skipIf(chromium === undefined)('the page', () => {
  test('finds messages, marks their words, and forgets those that were deleted', async () => {
    const page = await openRoom();
    await page.getByRole('button', { name: 'Search messages' }).click();
    expect(await search(page, 'STRASSE')).toEqual([
      'a secret in the strasse',
      'Wir treffen uns in der Straße',
    ]);
    expect(await page.locator('mark').allTextContents()).toEqual(['strasse', 'Straße']);
    await call('DELETE', `/chat/messages/${deleted.message_id}/delete/`, { token: ann.access });
    expect(await search(page, 'STRASSE ')).toEqual(['Wir treffen uns in der Straße']);
    expect(await search(page, '東京')).toEqual(['私は東京に住んでいます']);
    expect(await search(page, 'nothing like it')).toEqual([]);
    await browser.close(page);
  });

  test('searches all rooms, and leads to the room of a message', async () => {
    const page = await openRoom();
    await page.getByRole('button', { name: 'Search messages' }).click();
    await search(page, 'strasse');
    await page.getByLabel('In all my rooms').check();
    await results(page).filter({ hasText: 'elsewhere' }).waitFor();
    await page.getByRole('link', { name: 'Open its room' }).click();
    await page.getByRole('heading', { name: other.room_name }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await browser.close(page);
  });

  test('narrows a search by sender and by what messages have', async () => {
    const page = await openRoom();
    await page.getByRole('button', { name: 'Search messages' }).click();
    await page.getByText('More filters').click();
    await page.getByLabel('Contains').selectOption('A link');
    expect(await search(page, '')).toEqual(['see https://example.com/']);
    await page.getByLabel('Sender').selectOption(ann.username);
    expect(await search(page, 'treffen')).toEqual([]);
    await browser.close(page);
  });

  test('gives the focus back when the search is closed with the Escape key', async () => {
    const page = await openRoom();
    const button = page.getByRole('button', { name: 'Search messages' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Words to search for').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.locator('button:focus').getAttribute('aria-label')).toBe('Search messages');
    await browser.close(page);
  });
});
