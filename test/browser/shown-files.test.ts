/** The files of messages on the page: in place without moving anything, larger in a view of their own, and downloaded. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { newRoom, postMessage } from '../kit/rooms.ts';
import { bodyOf } from '../kit/request.ts';
import { sendFiles, textFile, upload, type TestFile } from '../kit/uploads.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import { barriersOf } from './barriers.ts';
import { messageWith, networkErrors, signIn } from './page-views.ts';
import { photo } from './test-files.ts';
import { chromium, takeScreenshot, useBrowser, type OpenOptions } from './use-browser.ts';
import { usePageRuntime } from './use-page-runtime.ts';

const browser = useBrowser();
const runtime = usePageRuntime();

type Room = Awaited<ReturnType<typeof newRoom>>;

/** Sends files as one message. */
async function send(user: TestUser, room: Room, files: readonly TestFile[]): Promise<void> {
  const attachments = await Promise.all(files.map((file) => upload(user, room, file)));
  await bodyOf(201, sendFiles(user, room, { attachments }));
}

async function openRoom(user: TestUser, room: Room, options: OpenOptions = {}): Promise<Page> {
  const page = await browser.open(runtime().url, options);
  await signIn(page, user);
  await page.goto(`${runtime().url}/#/room/${room.room_id}`);
  await page.getByRole('log').getByRole('article').first().waitFor();
  return page;
}

/** Of the list: its whole height, and where it is scrolled to. */
const scrollState = `(() => {
  const { scrollHeight, scrollTop } = document.querySelector('[data-part="scroller"]');
  return { scrollHeight, scrollTop };
})()`;

const loadedImages = `[...document.querySelectorAll('button.image img')]
  .filter(({ complete, naturalWidth }) => complete && naturalWidth > 0).length`;

const patience = { timeout: 15_000 };

describe.skipIf(chromium === undefined)('the files of messages', () => {
  test('move nothing when they arrive, and say so when they do not', async () => {
    const user = await newUser('ann');
    const room = await newRoom(user);
    await postMessage(user, room, 'before the files');
    await send(user, room, [await photo('wide.jpg', { width: 1_600, height: 700 })]);
    await send(user, room, [await photo('tall.jpg', { width: 300, height: 900 }), await photo('other.jpg')]);
    await postMessage(user, room, 'after the files');
    const page = await browser.open(runtime().url, { expectedErrors: networkErrors });
    let arrive = (): void => undefined;
    const held = new Promise<void>((resolve) => (arrive = resolve));
    await page.route('**/files/**', async (route) => {
      await held;
      await route.continue();
    });
    await signIn(page, user);
    await page.goto(`${runtime().url}/#/room/${room.room_id}`);
    await messageWith(page, 'after the files').waitFor();
    const before = await page.evaluate(scrollState);
    expect(await page.evaluate(loadedImages)).toBe(0);
    arrive();
    await expect.poll(() => page.evaluate(loadedImages), patience).toBe(3);
    expect(await page.evaluate(scrollState)).toEqual(before);
    // Addresses that do not lead to the file are renewed once.
    await page.unroute('**/files/**');
    await page.route('**/files/**/320?*', (route) => route.fulfill({ status: 403 }));
    const renewals = page.waitForRequest(/\/chat\/attachments\//);
    await page.reload();
    await renewals;
    await page.getByText('wide.jpg: cannot be loaded now').waitFor();
    await browser.close(page);
  });

  test('are shown one by one with the keyboard, and downloaded under their names', async () => {
    const user = await newUser('ann');
    const room = await newRoom(user);
    await send(user, room, [
      await photo('first.jpg', { width: 1_600, height: 1_200, alt: 'A harbor at dusk' }),
    ]);
    const notes = textFile('Bring the lantern.\n', 'notes “of” today.txt');
    await send(user, room, [
      await photo('second.jpg', { color: '#a03a12' }),
      await photo('third.jpg'),
      notes,
    ]);
    const page = await openRoom(user, room);
    const opener = page.getByRole('button', { name: 'Show image: A harbor at dusk' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const view = page.getByRole('dialog', { name: 'Images' });
    await view.getByText('Image 1 of 3').waitFor();
    await expect.poll(() => view.getByAltText('A harbor at dusk').evaluate(widthOf), patience).toBe(1_280);
    expect(await barriersOf(page)).toEqual([]);
    await page.keyboard.press('ArrowRight');
    await view.getByText('second.jpg').waitFor();
    await page.keyboard.press('End');
    await view.getByText('Image 3 of 3').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Home');
    await view.getByText('Image 1 of 3').waitFor();
    await view.getByRole('button', { name: 'Full size' }).click();
    await expect.poll(() => view.getByAltText('A harbor at dusk').evaluate(widthOf), patience).toBe(1_600);
    expect(await barriersOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await view.waitFor({ state: 'detached' });
    expect(await opener.evaluate((button) => button.matches(':focus'))).toBe(true);

    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: `Download ${notes.name}` }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(notes.name);
    expect(readFileSync(await download.path(), 'utf8')).toBe('Bring the lantern.\n');
    await browser.close(page);
  });

  test.each([
    ['phone', 'light'],
    ['phone', 'dark'],
    ['desktop', 'light'],
    ['desktop', 'dark'],
  ] as const)('have no barrier on a %s in %s colors', async (device, colorScheme) => {
    const user = await newUser('vera');
    const room = await newRoom(user);
    await send(user, room, [await photo('harbor.jpg', { width: 1_600, height: 1_000 })]);
    await send(user, room, [
      await photo('one.jpg'),
      await photo('two.jpg', { color: '#a03a12' }),
      textFile(),
    ]);
    await send(user, room, [{ name: 'tone.wav', type: 'audio/wav', bytes: silence() }]);
    const viewport = device === 'phone' ? { width: 390, height: 844 } : { width: 1280, height: 800 };
    const page = await openRoom(user, room, { colorScheme, viewport });
    await expect.poll(() => page.evaluate(loadedImages), patience).toBe(3);
    expect(await barriersOf(page)).toEqual([]);
    await takeScreenshot(page, `files-${device}-${colorScheme}`);
    await page.getByRole('button', { name: 'Show image: harbor.jpg' }).click();
    const shown = page.getByRole('dialog', { name: 'Images' }).getByAltText('harbor.jpg');
    await expect.poll(() => shown.evaluate(widthOf), patience).toBe(1_280);
    await takeScreenshot(page, `image-${device}-${colorScheme}`);
    await browser.close(page);
  });
});

/** Runs in the page, whose types this project does not have here. */
function widthOf(image: unknown): number {
  return (image as { naturalWidth: number }).naturalWidth;
}

/** A WAV file of a tenth of a second. */
function silence(): Buffer {
  const samples = 800;
  const bytes = Buffer.alloc(44 + samples, 128);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples, 4);
  bytes.write('WAVE', 8);
  bytes.write('fmt ', 12);
  bytes.writeUInt32LE(16, 16);
  // Uncompressed, one channel of 8 bits, 8,000 times a second.
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8_000, 24);
  bytes.writeUInt32LE(8_000, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples, 40);
  return bytes;
}
