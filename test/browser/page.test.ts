/** The page as the local runtime serves it, used by people with browsers of their own. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { uniqueName } from '../kit/names.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import {
  createRoom,
  expectSent,
  messageWith,
  networkErrors,
  openPublicRoom,
  signIn,
  write,
} from './page-views.ts';
import { chromium, useBrowser } from './use-browser.ts';
import { usePageRuntime } from './use-page-runtime.ts';

// No other origin is allowed: the page's own needs no setting.
const runtime = usePageRuntime({ settings: { ALLOWED_ORIGINS: 'https://other.example' } });
const browser = useBrowser();
let ann: TestUser;
let bob: TestUser;

beforeAll(async () => {
  if (chromium === undefined) return;
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
});

async function open(user: TestUser): Promise<Page> {
  const page = await browser.open(runtime().url, { expectedErrors: networkErrors });
  await signIn(page, user);
  return page;
}

describe.skipIf(chromium === undefined)('the page', () => {
  test('lets a new user register, says why a sign-in was refused, and that the browser stores nothing', async () => {
    const page = await browser.open('about:blank', { expectedErrors: networkErrors });
    await page.addInitScript(`indexedDB.open = () => { throw new Error('There is no space left'); }`);
    await page.goto(runtime().url);
    await page.getByLabel('Username').fill(ann.username);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('Invalid Credentials');
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByLabel('Username').fill(uniqueName('new'));
    await page.getByLabel('Password').fill('lantern-orbit-42');
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
    await page.getByText('This browser does not store the rooms').waitFor();
    await browser.close(page);
  });

  test('lets two people talk: a message, an answer, an edit and a deletion', async () => {
    const [anns, bobs] = await Promise.all([open(ann), open(bob)]);
    const name = uniqueName('room');
    await createRoom(anns, name);
    await openPublicRoom(bobs, name);
    await write(anns, 'Hello Bob');
    await messageWith(bobs, 'Hello Bob').waitFor();
    await write(bobs, 'Hello Ann');
    await messageWith(anns, 'Hello Ann').waitFor();
    await expectSent(anns, 'Hello Bob');
    await messageWith(anns, 'Hello Bob').getByRole('button', { name: 'Edit' }).click();
    await anns.getByRole('textbox', { name: 'Edit' }).fill('Good morning Bob');
    await anns.getByRole('textbox', { name: 'Edit' }).press('Enter');
    await messageWith(bobs, 'Good morning Bob').waitFor();
    anns.on('dialog', (dialog) => void dialog.accept());
    await messageWith(anns, 'Good morning Bob').getByRole('button', { name: 'Delete' }).click();
    await messageWith(bobs, 'This message was deleted').waitFor();
    expect(await messageWith(bobs, 'Good morning Bob').count()).toBe(0);
    await Promise.all([browser.close(anns), browser.close(bobs)]);
  });
});
