/**
 * `npm run screenshot -- URL`: takes the image of the README, two browsers that talk, from a local run with `--sample`.
 * Writes docs/images/two-browsers.webp.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from '../test/browser/chromium.ts';

const file = 'docs/images/two-browsers.webp';
const size = { width: 760, height: 560 };
const password = 'lantern-orbit-42';
const room = 'general';

const url = process.argv[2] ?? 'http://127.0.0.1:3000';
const executablePath = findChromium();
if (executablePath === undefined) throw new Error('No Chromium was found on the PATH or in CHROMIUM_PATH');
const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
try {
  const ann = await openRoom(browser, 'ann', 'light');
  const bob = await openRoom(browser, 'bob', 'dark');
  await say(ann, 'Shall we show how it looks?');
  await say(bob, 'Two browsers, one room. Yes!');
  await ann.getByText('Two browsers, one room').last().waitFor();
  // The server drops indicators that follow the previous one within two seconds.
  await ann.getByRole('textbox').last().pressSequentially('Smile for the picture', { delay: 250 });
  await bob.getByText('ann is typing').last().waitFor();
  await bob.locator('.content', { hasText: 'Two browsers, one room' }).last().scrollIntoViewIfNeeded();
  const images = await Promise.all([ann, bob].map((page) => page.screenshot({ animations: 'disabled' })));
  mkdirSync('docs/images', { recursive: true });
  writeFileSync(file, await sideBySide(browser, images));
} finally {
  await browser.close();
}

async function openRoom(from: Browser, username: string, colorScheme: 'light' | 'dark'): Promise<Page> {
  const page = await from.newPage({ viewport: size, colorScheme });
  await page.goto(url);
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText(room, { exact: true }).first().click();
  await page.getByText(/here$/).first().waitFor();
  return page;
}

async function say(page: Page, content: string): Promise<void> {
  await page.getByRole('textbox').last().fill(content);
  await page.keyboard.press('Enter');
  await page.getByText(content).last().waitFor();
}

/** Draws the images beside each other, and returns them as one WebP. */
async function sideBySide(from: Browser, images: readonly Buffer[]): Promise<Buffer> {
  const page = await from.newPage();
  const addresses = images.map((image) => `data:image/png;base64,${image.toString('base64')}`);
  // Runs in the page, whose types this project does not have here.
  const script = `(async (addresses) => {
    const images = await Promise.all(addresses.map(async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      return image;
    }));
    const gap = 16;
    const canvas = document.createElement('canvas');
    canvas.width = images.reduce((sum, image) => sum + image.width + gap, -gap);
    canvas.height = Math.max(...images.map((image) => image.height));
    const context = canvas.getContext('2d');
    let left = 0;
    for (const image of images) {
      context.drawImage(image, left, 0);
      left += image.width + gap;
    }
    return canvas.toDataURL('image/webp', 0.85);
  })(${JSON.stringify(addresses)})`;
  const address: string = await page.evaluate(script);
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64');
}
