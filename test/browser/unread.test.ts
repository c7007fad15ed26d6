/** Messages that a user marks as unread on the page stay unread, in the list of rooms and on their other devices too. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useDeployment } from '../kit/deployment.ts';
import { uniqueName } from '../kit/names.ts';
import { startTestRuntime, type TestRuntime } from '../kit/runtime.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import {
  createRoom,
  expectSent,
  messageWith,
  myRoom,
  networkErrors,
  openPublicRoom,
  signIn,
  write,
} from './page-views.ts';
import { chromium, takeScreenshot, useBrowser } from './use-browser.ts';

const browser = useBrowser();
let started: TestRuntime;
let ann: TestUser;
let bob: TestUser;

beforeAll(async () => {
  if (chromium === undefined) return;
  started = await startTestRuntime({ hasPage: true });
  useDeployment(started.runtime.url);
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
});
afterAll(async () => {
  useDeployment(undefined);
  await started?.stop();
});

async function open(user: TestUser) {
  const page = await browser.open(started.runtime.url, { expectedErrors: networkErrors });
  await signIn(page, user);
  return page;
}

describe.skipIf(chromium === undefined)('the page', () => {
  test(
    'marks messages as unread until the room is opened again, on all devices of the user',
    { timeout: 60_000 },
    async () => {
      const [anns, bobs, phone] = await Promise.all([open(ann), open(bob), open(bob)]);
      const name = uniqueName('room');
      await createRoom(anns, name);
      await openPublicRoom(bobs, name);
      for (const text of ['one', 'two', 'three']) {
        await write(anns, text);
        await expectSent(anns, text);
      }
      await anns.getByText(`Seen by ${bob.username}`).waitFor();
      const marked = messageWith(bobs, 'two');
      await marked.hover();
      await marked.getByRole('button', { name: 'Mark as unread' }).click();
      const divider = bobs.getByText('New messages', { exact: true });
      await divider.waitFor();
      const badge = (count: number) => myRoom(phone, name).getByText(`${count} unread`);
      await badge(2).waitFor();
      // The end of the list is in sight, and what comes there is not marked as read either.
      await write(anns, 'four');
      await badge(3).waitFor();
      await takeScreenshot(bobs, 'marked-unread');
      await myRoom(phone, name).click();
      await messageWith(phone, 'four').waitFor();
      await badge(3).waitFor({ state: 'detached' });
      await bobs.goto(`${started.runtime.url}/#/rooms`);
      await myRoom(bobs, name).getByText('unread').waitFor({ state: 'detached' });
      expect(await anns.getByText(`Seen by ${bob.username}`).count()).toBe(1);
      await Promise.all([anns, bobs, phone].map((page) => browser.close(page)));
    },
  );
});
