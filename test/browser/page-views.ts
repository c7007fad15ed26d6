/** What people do on the page, by what they see: labels, roles and texts. */
import type { Locator, Page } from 'playwright-core';

/** The browser's own line about a sign-in that was refused, or a network that is gone. */
export const networkErrors = [/^Failed to load resource/, /WebSocket connection to .* failed/];

export async function signIn(
  page: Page,
  { username, password }: { username: string; password: string },
): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
}

/** Creates a room in the list of public rooms, which opens it. */
export async function createRoom(page: Page, name: string, { isPrivate = false } = {}): Promise<void> {
  await page.getByRole('button', { name: 'Public' }).click();
  await page.getByText('New room').click();
  await page.getByLabel('Name of the room').fill(name);
  if (isPrivate) await page.getByLabel('Private').check();
  await page.getByRole('button', { name: 'Create' }).click();
  await messageField(page).waitFor();
}

/** Opens a room from the list of public rooms. */
export async function openPublicRoom(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Public' }).click();
  await page.getByRole('link', { name }).click();
  await messageField(page).waitFor();
}

export const messageField = (page: Page) => page.getByRole('textbox', { name: 'Message' });

/** The message with this text, in the list of messages. */
export const messageWith = (page: Page, text: string) =>
  page.getByRole('log').getByRole('article').filter({ hasText: text });

export async function write(page: Page, text: string): Promise<void> {
  await messageField(page).fill(text);
  await messageField(page).press('Enter');
}

/** Waits until the server has the message: its author can then edit it. */
export async function expectSent(page: Page, text: string): Promise<void> {
  await messageWith(page, text).getByRole('button', { name: 'Edit' }).waitFor();
}

/** Opens the dialog with the members and settings of the room, and accepts each question that it asks. */
export async function openRoomDetails(page: Page): Promise<Locator> {
  page.removeAllListeners('dialog');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: 'Room details' }).click();
  const details = page.getByRole('dialog');
  await details.getByRole('list', { name: 'Members' }).getByRole('listitem').first().waitFor();
  return details;
}

/** The room in the list of the user's rooms. */
export const myRoom = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Rooms' }).getByRole('button', { name });
