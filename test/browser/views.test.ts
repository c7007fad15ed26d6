/** Every view of the page, in light and dark colors, on a phone and on a desktop: no barrier that axe finds, and an image of each. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useDeployment } from '../kit/deployment.ts';
import { startTestRuntime, type TestRuntime } from '../kit/runtime.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import { barriersOf } from './barriers.ts';
import { createRoom, expectSent, networkErrors, openRoomDetails, signIn, write } from './page-views.ts';
import { chromium, takeScreenshot, useBrowser } from './use-browser.ts';

const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const appearances = (['light', 'dark'] as const).flatMap((colorScheme) =>
  (['phone', 'desktop'] as const).map((device) => ({ colorScheme, device })),
);

const browser = useBrowser();
let started: TestRuntime;
let user: TestUser;

beforeAll(async () => {
  if (chromium === undefined) return;
  started = await startTestRuntime({ hasPage: true });
  useDeployment(started.runtime.url);
  user = await newUser('vera-viewer');
});
afterAll(async () => {
  useDeployment(undefined);
  await started?.stop();
});

describe.skipIf(chromium === undefined)('the views of the page', () => {
  test.each(appearances)(
    'have no barrier in $colorScheme colors on a $device',
    async ({ colorScheme, device }) => {
      const page = await browser.open(started.runtime.url, {
        colorScheme,
        viewport: sizes[device],
        expectedErrors: networkErrors,
      });
      const barriers: Record<string, string[]> = {};
      const look = async (view: string): Promise<void> => {
        barriers[view] = await barriersOf(page);
        await takeScreenshot(page, `${view}-${device}-${colorScheme}`);
      };
      await page.getByLabel('Username').waitFor();
      await look('sign-in');
      await page.getByRole('button', { name: 'Create an account' }).click();
      await look('register');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await signIn(page, user);
      await look('rooms');
      await page.getByRole('button', { name: 'Public' }).click();
      await page.getByText('New room').click();
      await look('public-rooms');
      await createRoomWithMessages(page, `${colorScheme}-${device}`);
      await look('conversation');
      const details = await openRoomDetails(page);
      await look('room-details');
      await details.getByRole('button', { name: 'Close' }).click();
      await page.goto(`${started.runtime.url}/#/rooms`);
      await page.getByRole('button', { name: 'People' }).click();
      await page.getByRole('searchbox').fill('view');
      await page.getByRole('searchbox').press('Enter');
      await page.getByText('Nothing found').waitFor();
      await look('people');
      await page.goto(`${started.runtime.url}/#/account`);
      await page.getByLabel('First name').waitFor();
      await look('account');
      expect(barriers).toEqual(Object.fromEntries(Object.keys(barriers).map((view) => [view, []])));
      expect(Object.keys(barriers)).toHaveLength(8);
      await browser.close(page);
    },
  );
});

async function createRoomWithMessages(page: Page, name: string): Promise<void> {
  // The form is open already, and a click would close it.
  await page.getByText('New room').click();
  await createRoom(page, name);
  await write(page, 'The first message of this room');
  await expectSent(page, 'The first message of this room');
}
