/** What people do with files on the page, by what they see. */
import type { Locator, Page } from 'playwright-core';
import { uniqueName } from '../kit/names.ts';
import { newUser } from '../kit/users.ts';
import { createRoom, networkErrors, openPublicRoom, signIn } from './page-views.ts';
import type { TestFile } from '../kit/uploads.ts';
import { payloadOf } from './test-files.ts';
import type { OpenOptions, TestBrowser } from './use-browser.ts';

/** Opens one room in two browsers, for two users. */
export async function openTwo(
  browser: TestBrowser,
  url: string,
  options: OpenOptions = {},
): Promise<[ann: Page, bob: Page]> {
  const users = await Promise.all([newUser('ann'), newUser('bob')]);
  const pages = await Promise.all(
    users.map(async (user) => {
      const page = await browser.open(url, { expectedErrors: networkErrors, ...options });
      await signIn(page, user);
      return page;
    }),
  );
  const [ann, bob] = pages as [Page, Page];
  const room = uniqueName('files');
  await createRoom(ann, room);
  await openPublicRoom(bob, room);
  return [ann, bob];
}

/** Chooses files as in the dialog of the browser. */
export async function addFiles(page: Page, files: readonly TestFile[]): Promise<void> {
  await page.locator('.composer input[type="file"]').setInputFiles(files.map(payloadOf));
}

/** The row of a file that is uploaded for the next message. */
export const uploadRow = (page: Page, name: string): Locator =>
  page.locator('.composer').getByRole('listitem').filter({ hasText: name });
