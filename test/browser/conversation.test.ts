/** What users of one room see of each other on the page, and how its list of messages scrolls. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { uniqueName } from '../kit/names.ts';
import { newRoom, postMessage } from '../kit/rooms.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import { forEachAtMost } from '../../tools/run-part.ts';
import {
  createRoom,
  messageField,
  messageWith,
  myRoom,
  networkErrors,
  openPublicRoom,
  openRoomDetails,
  signIn,
  write,
} from './page-views.ts';
import { chromium, useBrowser, type OpenOptions } from './use-browser.ts';
import { usePageRuntime } from './use-page-runtime.ts';

const browser = useBrowser();
const runtime = usePageRuntime();

async function openSignedIn(options: OpenOptions = {}): Promise<{ page: Page; user: TestUser }> {
  const user = await newUser();
  const page = await browser.open(runtime().url, options);
  await signIn(page, user);
  return { page, user };
}

/** In pixels: positions are fractions, which browsers round. */
const maxShift = 1;

/**
 * Runs in the page: scrolls up by 60 pixels before each frame until older messages have been loaded and measured, and returns
 * by how many pixels what was in sight has moved besides, one number for each frame.
 */
const scrollUpUntilLoaded = `(async () => {
  const list = document.querySelector('[data-part="scroller"]');
  const find = (isSought) => {
    const content = [...list.querySelectorAll('.content')].find(isSought);
    return { text: content.textContent, top: content.getBoundingClientRect().top,
      index: content.closest('article').dataset.index };
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const shifts = [];
  // The list follows the field that was emptied before.
  await frame();
  await frame();
  for (let framesLeft = 20; framesLeft > 0; ) {
    const before = find((content) => content.getBoundingClientRect().top > innerHeight / 3);
    const step = Math.min(60, Math.max(0, list.scrollTop - 100));
    list.scrollTop -= step;
    // A wheel scrolls with the event: nothing happens in between.
    list.dispatchEvent(new Event('scroll'));
    await frame();
    const after = find((content) => content.textContent === before.text);
    shifts.push(after.top - before.top - step);
    if (framesLeft < 20 || after.index !== before.index) framesLeft -= 1;
  }
  return shifts;
})()`;

/** In pixels. */
const distanceFromEnd = `(() => {
  const { scrollHeight, scrollTop, clientHeight } = document.querySelector('[data-part="scroller"]');
  return scrollHeight - scrollTop - clientHeight;
})()`;

describe.runIf(chromium !== undefined)('a conversation on the page', () => {
  test('shows to each user who is there, who is typing, and how far the other has read', async () => {
    const [ann, bob] = await Promise.all([openSignedIn(), openSignedIn()]);
    const room = uniqueName('room');
    await createRoom(ann.page, room);
    await openPublicRoom(bob.page, room);
    await ann.page.getByText('2 people here').waitFor();
    await write(ann.page, 'Hello');
    await ann.page.getByText(`Seen by ${bob.user.username}`).waitFor();
    await messageField(bob.page).pressSequentially('An answer');
    await ann.page.getByText(`${bob.user.username} is typing`).waitFor();
    await messageField(bob.page).press('Enter');
    await messageWith(ann.page, 'An answer').waitFor();
    expect(await ann.page.getByText('is typing').count()).toBe(0);
    // Both write at once: the end moves while the lists scroll to it.
    const lines = Array.from(
      { length: 30 },
      (_, index) => `line ${index} ${'of some words '.repeat(index % 9)}`,
    );
    const authors = [ann.page, bob.page];
    await Promise.all(
      authors.map(async (page, author) => {
        for (const line of lines) await write(page, `${author} ${line}`);
      }),
    );
    for (const page of authors) {
      for (const author of [0, 1])
        await messageWith(page, `${author} line 29`).waitFor({ state: 'attached' });
      await expect.poll(() => page.evaluate(distanceFromEnd)).toBeLessThan(2);
    }
    // The open room has no number of unread messages, and a room that was left is in no list.
    expect(await myRoom(ann.page, room).getByText('unread').count()).toBe(0);
    const details = await openRoomDetails(bob.page);
    await details.getByRole('button', { name: 'Leave this room' }).click();
    await bob.page.getByText('Choose a room').waitFor();
    await myRoom(bob.page, room).waitFor({ state: 'detached' });
  });

  test('has members whom its owner adds and removes, and other names until it is deleted', async () => {
    const [ann, bob] = await Promise.all([openSignedIn(), openSignedIn({ expectedErrors: networkErrors })]);
    const [room, newName] = [uniqueName('private'), uniqueName('renamed')];
    await createRoom(ann.page, room, { isPrivate: true });
    const details = await openRoomDetails(ann.page);
    await details.getByLabel('Find a person to add').fill(bob.user.username);
    await details.getByLabel('Find a person to add').press('Enter');
    await details.getByRole('button', { name: `Add ${bob.user.username}` }).click();
    await myRoom(bob.page, room).click();
    await messageField(bob.page).waitFor();
    await details.getByLabel('Name of the room').fill(newName);
    await details.getByRole('button', { name: 'Save' }).click();
    await myRoom(ann.page, newName).waitFor({ state: 'attached' });
    await details.getByRole('button', { name: `Remove ${bob.user.username}` }).click();
    await bob.page.getByText('This room is closed').waitFor();
    // The other user's socket may hear of it before the answer to the request has reached this page.
    const members = details.getByRole('list', { name: 'Members' }).getByRole('listitem');
    await expect.poll(() => members.count()).toBe(1);
    await details.getByRole('button', { name: 'Delete this room' }).click();
    await ann.page.getByText('Choose a room').waitFor();
    await myRoom(ann.page, newName).waitFor({ state: 'detached' });
  });

  test('is opened with a user who was found by name, and has that name', async () => {
    const [ann, bob] = await Promise.all([openSignedIn(), openSignedIn()]);
    await ann.page.getByRole('button', { name: 'People' }).click();
    await ann.page.getByLabel('Find a person by name').fill(bob.user.username);
    await ann.page.keyboard.press('Enter');
    await ann.page.getByRole('button', { name: bob.user.username }).click();
    await ann.page.getByRole('heading', { name: bob.user.username }).waitFor();
    await write(ann.page, 'Only for you');
    expect(await messageWith(ann.page, 'Only for you').count()).toBe(1);
  });

  test('keeps what the user looks at in place while older messages are loaded', async () => {
    const { page, user } = await openSignedIn();
    const room = await newRoom(user);
    const numbers = Array.from({ length: 70 }, (_, index) => index + 1);
    await forEachAtMost(8, numbers, (number) => postMessage(user, room, `message ${number}`));
    await page.goto(`${runtime().url}/#/room/${room.room_id}`);
    await page.getByRole('log').getByRole('article').nth(10).waitFor();
    // A field that grows, shrinks and grows makes the list scroll by itself.
    await messageField(page).fill('line\n'.repeat(6));
    await messageField(page).fill('word '.repeat(780));
    await page.getByText('characters left').waitFor();
    await expect.poll(() => page.evaluate(distanceFromEnd)).toBeLessThan(2);
    await messageField(page).fill('');
    const shifts = await page.evaluate<number[]>(scrollUpUntilLoaded);
    expect(shifts.length).toBeGreaterThan(20);
    expect(shifts.filter((shift) => !(Math.abs(shift) < maxShift))).toEqual([]);
  });

  test('ends when the user signs out everywhere, and when they delete their account', async () => {
    // The client asks once more for a token, which the server refuses by then.
    const { page, user } = await openSignedIn({ expectedErrors: networkErrors });
    const password = 'harbor-violet-77';
    await createRoom(page, uniqueName('room'));
    await page.goto(`${runtime().url}/#/account`);
    await page.getByLabel('Current password').fill(user.password);
    await page.getByLabel('New password').fill(password);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('All other devices are signed out').waitFor();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByLabel('Username').waitFor();
    await page.reload();
    await page.getByLabel('Username').waitFor();
    expect(await messageField(page).count()).toBe(0);
    await signIn(page, { ...user, password });
    page.on('dialog', (dialog) => void dialog.accept());
    await page.getByLabel('Password, to confirm').fill(password);
    await page.getByRole('button', { name: 'Delete account' }).click();
    await page.getByLabel('Username').fill(user.username);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Invalid Credentials').waitFor();
  });
});
