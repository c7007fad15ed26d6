/** What is written on the page: kept without a network and over a reload, and written with the keyboard alone. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { uniqueName } from '../kit/names.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import {
  createRoom,
  expectSent,
  messageField,
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
  test('keeps what is written while the network is gone, and sends it once when it is back', async () => {
    const [anns, bobs] = await Promise.all([open(ann), open(bob)]);
    const name = uniqueName('room');
    await createRoom(anns, name);
    await openPublicRoom(bobs, name);
    await write(anns, 'before');
    await messageWith(bobs, 'before').waitFor();
    await anns.context().setOffline(true);
    await anns.getByText('You are offline').waitFor();
    await write(anns, 'in a tunnel');
    await messageWith(anns, 'in a tunnel').getByText('Sending').waitFor();
    await anns.context().setOffline(false);
    await messageWith(bobs, 'in a tunnel').waitFor();
    await expectSent(anns, 'in a tunnel');
    await write(anns, 'after');
    await messageWith(bobs, 'after').waitFor();
    expect(await messageWith(bobs, 'in a tunnel').count()).toBe(1);
    await Promise.all([browser.close(anns), browser.close(bobs)]);
  });

  test('keeps the user, the room, the draft and what is unsent over a reload', async () => {
    const page = await browser.open('about:blank', { expectedErrors: networkErrors });
    let hasSockets = true;
    await page.routeWebSocket(/\/ws/, (socket) => {
      if (hasSockets) socket.connectToServer();
      else void socket.close();
    });
    await page.goto(runtime().url);
    await signIn(page, ann);
    const name = uniqueName('room');
    await createRoom(page, name);
    await write(page, 'stored');
    await expectSent(page, 'stored');
    hasSockets = false;
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await write(page, 'not sent yet');
    await messageField(page).fill('half a sen');
    await page.context().setOffline(false);
    await page.reload();
    await messageWith(page, 'not sent yet').waitFor();
    expect(await messageField(page).inputValue()).toBe('half a sen');
    hasSockets = true;
    await page.reload();
    await expectSent(page, 'not sent yet');
    expect(await messageWith(page, 'stored').count()).toBe(1);
    await browser.close(page);
  });

  test('can be used with the keyboard alone', async () => {
    const page = await browser.open(runtime().url, { expectedErrors: networkErrors });
    const { keyboard } = page;
    /** Presses Tab until the element has the focus. */
    const tabTo = async (role: 'button' | 'textbox' | 'checkbox' | 'link', name: string): Promise<void> => {
      for (let count = 0; count < 40; count += 1) {
        if (await page.getByRole(role, { name, exact: true }).evaluateAll(hasFocus)) return;
        await keyboard.press('Tab');
      }
      throw new Error(`Tab does not lead to ${name}`);
    };
    await page.getByLabel('Username').waitFor();
    await tabTo('textbox', 'Username');
    await keyboard.type(bob.username);
    await keyboard.press('Tab');
    await keyboard.type(bob.password);
    await keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
    await tabTo('button', 'Public');
    await keyboard.press('Enter');
    await page.getByText('New room').waitFor();
    await keyboard.press('Tab');
    while (!(await page.locator('summary').evaluateAll(hasFocus))) await keyboard.press('Tab');
    await keyboard.press('Enter');
    await tabTo('textbox', 'Name of the room');
    await keyboard.type(uniqueName('room'));
    await keyboard.press('Enter');
    await messageField(page).waitFor();
    await tabTo('textbox', 'Message');
    await keyboard.type('typed');
    await keyboard.press('Enter');
    await expectSent(page, 'typed');
    await keyboard.press('ArrowUp');
    await page.getByRole('textbox', { name: 'Edit' }).waitFor();
    await keyboard.press('End');
    await keyboard.type(' and edited');
    await keyboard.press('Enter');
    // The text is also in the field while it is edited, but without the word for it.
    await messageWith(page, 'typed and edited').getByText('(edited)').waitFor();
    expect(await page.getByRole('textbox', { name: 'Edit' }).count()).toBe(0);
    await browser.close(page);
  });
});

/** Runs in the page, whose types this project does not have here. */
function hasFocus(elements: unknown[]): boolean {
  const { document } = globalThis as unknown as { document: { activeElement: unknown } };
  return elements.some((element) => element === document.activeElement);
}
