/** The picture of a user: chosen and cropped by keyboard and pointer, seen by others, and removed. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { newUser, type TestUser } from '../kit/users.ts';
import { barriersOf } from './barriers.ts';
import { myRoom, networkErrors, signIn } from './page-views.ts';
import { textFile, type TestFile } from '../kit/uploads.ts';
import { payloadOf } from './test-files.ts';
import { chromium, takeScreenshot, useBrowser } from './use-browser.ts';
import { usePageRuntime } from './use-page-runtime.ts';

const browser = useBrowser();
const runtime = usePageRuntime();

async function open(user: TestUser): Promise<Page> {
  const page = await browser.open(runtime().url, { expectedErrors: networkErrors });
  await signIn(page, user);
  return page;
}

/** Three fields side by side, the middle one a square: red, green and blue. */
async function threeColors(): Promise<TestFile> {
  const field = (background: string) =>
    sharp({ create: { width: 300, height: 300, channels: 3, background } })
      .png()
      .toBuffer();
  const [left, middle, right] = await Promise.all(['#c02020', '#20a040', '#2040c0'].map(field));
  const image = sharp({ create: { width: 900, height: 300, channels: 3, background: '#000000' } });
  const fields = [left, middle, right].map((input, index) => ({ input: input!, left: index * 300, top: 0 }));
  return {
    name: 'colors.png',
    type: 'image/png',
    bytes: await image.composite(fields).png().toBuffer(),
  };
}

const large = '.avatar[data-large="true"] img';

/** Returns the color in the middle of the first image that matches, once it has loaded. */
async function colorOf(page: Page, selector: string): Promise<'red' | 'green' | 'blue' | undefined> {
  const pixel = await page.evaluate<number[] | undefined>(`(() => {
    const image = document.querySelector(${JSON.stringify(selector)});
    if (image === null || !image.complete || image.naturalWidth === 0) return undefined;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const context = canvas.getContext('2d');
    const { naturalWidth: width, naturalHeight: height } = image;
    context.drawImage(image, width / 2, height / 2, 1, 1, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  })()`);
  if (pixel === undefined) return undefined;
  return (['red', 'green', 'blue'] as const)[pixel.indexOf(Math.max(...pixel))];
}

const patience = { timeout: 15_000 };

/** Two browsers, and functions that start when they are first invoked. */
const timeout = 90_000;

describe.skipIf(chromium === undefined)('the picture of a user', { timeout }, () => {
  test('is cropped, stored and seen by the others until it is removed', async () => {
    const [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
    const [anns, bobs] = await Promise.all([open(ann), open(bob)]);
    await anns.goto(`${runtime().url}/#/account`);
    const choose = anns.getByRole('button', { name: 'Choose a picture' });
    await choose.waitFor();
    const input = anns.locator('.picture input[type="file"]');
    await input.setInputFiles(payloadOf({ ...textFile('no image', 'text.png'), type: 'image/png' }));
    await anns.getByText('cannot be read as an image').waitFor();
    await anns.getByRole('button', { name: 'Cancel' }).click();

    await input.setInputFiles(payloadOf(await threeColors()));
    const view = anns.getByRole('application');
    await view.waitFor();
    expect(await barriersOf(anns)).toEqual([]);
    await takeScreenshot(anns, 'picture-crop');
    // From the green square in the middle to the right end, and a little closer.
    await view.focus();
    for (let count = 0; count < 25; count += 1) await anns.keyboard.press('ArrowRight');
    await anns.keyboard.press('+');
    expect(Number(await anns.getByRole('slider', { name: 'Zoom' }).inputValue())).toBeCloseTo(1.15);
    await anns.getByRole('button', { name: 'Use this picture' }).click();
    await anns.getByRole('dialog').waitFor({ state: 'detached', ...patience });
    await expect.poll(() => colorOf(anns, large), patience).toBe('blue');
    expect(await choose.count()).toBe(0);

    await bobs.getByRole('button', { name: 'People' }).click();
    await bobs.getByLabel('Find a person by name').fill(ann.username);
    await bobs.keyboard.press('Enter');
    await expect.poll(() => colorOf(bobs, '.sidebar li .avatar img'), patience).toBe('blue');
    await bobs.getByRole('button', { name: ann.username }).click();
    await myRoom(bobs, ann.username).waitFor();
    await bobs.reload();
    // As the other user of a direct room.
    await expect.poll(() => colorOf(bobs, '.sidebar li .avatar img'), patience).toBe('blue');

    // A drag by the width of the view moves by the width of the square: from green to red.
    await input.setInputFiles(payloadOf(await threeColors()));
    const box = (await view.boundingBox())!;
    await anns.mouse.move(box.x + 2, box.y + 40);
    await anns.mouse.down();
    await anns.mouse.move(box.x + box.width - 2, box.y + 40, { steps: 4 });
    await anns.mouse.up();
    await anns.mouse.wheel(0, -100);
    await anns.getByRole('button', { name: 'Use this picture' }).click();
    await expect.poll(() => colorOf(anns, large), patience).toBe('red');

    anns.on('dialog', (dialog) => void dialog.accept());
    await anns.getByRole('button', { name: 'Remove the picture' }).click();
    await choose.waitFor();
    await expect.poll(() => anns.locator('.avatar img').count(), patience).toBe(0);
    await bobs.reload();
    await myRoom(bobs, ann.username).waitFor();
    // The list of rooms that the browser has stored is shown first.
    await expect.poll(() => bobs.locator('.avatar img').count(), patience).toBe(0);
    await Promise.all([browser.close(anns), browser.close(bobs)]);
  });
});
