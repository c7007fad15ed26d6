/** The files of a message that is written on the page: dropped, pasted, stopped, tried again, refused, and kept without a network. */
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { textFile } from '../kit/uploads.ts';
import { barriersOf } from './barriers.ts';
import { addFiles, openTwo, uploadRow } from './file-views.ts';
import { expectSent, messageField, messageWith, write } from './page-views.ts';
import { bytesFile, drop, paste, photo } from './test-files.ts';
import { chromium, takeScreenshot, useBrowser } from './use-browser.ts';
import { usePageRuntime } from './use-page-runtime.ts';

const browser = useBrowser();
const runtime = usePageRuntime({ faults: true });

const faults = (method: 'POST' | 'DELETE', rules?: readonly object[]): Promise<Response> =>
  fetch(`${runtime().url}/_local/faults`, {
    method,
    ...(rules !== undefined && { body: JSON.stringify(rules) }),
  });

afterEach(async () => {
  if (chromium !== undefined) await faults('DELETE');
});

/** A check of an image may start the function first. */
const patience = { timeout: 20_000 };

/** The image with that description, once the server has it: until then its address is on the device. */
const storedImage = (page: Page, alt: string) =>
  page.getByRole('log').locator(`img[alt="${alt}"][src*="/files/"]`);

/** Two browsers, and functions that start when they are first invoked. */
const timeout = 90_000;

describe.skipIf(chromium === undefined)('the files of a message that is written', { timeout }, () => {
  test('are dropped on the conversation and pasted into the field, described and removed', async () => {
    const [anns, bobs] = await openTwo(browser, runtime().url);
    const overlay = anns.getByText('Drop files here');
    await drop(anns, '.messages', [await photo('dropped.jpg'), await photo('removed.jpg')], async () => {
      await overlay.waitFor();
      expect(await barriersOf(anns)).toEqual([]);
    });
    expect(await overlay.count()).toBe(0);
    await paste(anns, messageField(anns), [await photo('pasted.jpg', { color: '#a03a12' })]);
    await uploadRow(anns, 'dropped.jpg').getByRole('textbox').fill('What was dropped');
    await anns.getByRole('button', { name: 'Remove removed.jpg' }).click();
    expect(await anns.locator('.composer li').count()).toBe(2);
    expect(await barriersOf(anns)).toEqual([]);
    await takeScreenshot(anns, 'uploads');
    await write(anns, 'Two images');
    const message = messageWith(bobs, 'Two images');
    await message.getByAltText('What was dropped').waitFor(patience);
    expect(await message.getByRole('img').count()).toBe(2);
    expect(await anns.locator('.composer li').count()).toBe(0);
    await Promise.all([browser.close(anns), browser.close(bobs)]);
  });

  test('say why they are refused, and are sent once they are removed', async () => {
    const [anns, bobs] = await openTwo(browser, runtime().url);
    await addFiles(anns, [bytesFile('large.bin', 10 * 1_024 * 1_024 + 1), textFile('', 'empty.txt')]);
    await uploadRow(anns, 'large.bin').getByText('A file can have at most 10 MB').waitFor();
    await uploadRow(anns, 'empty.txt').getByText('The file is empty').waitFor();
    // Its bytes are those of a text.
    await addFiles(anns, [{ ...textFile('no image'), name: 'not-an-image.png', type: 'image/png' }]);
    await uploadRow(anns, 'not-an-image.png').getByRole('alert').waitFor(patience);
    expect(await barriersOf(anns)).toEqual([]);
    for (const name of ['large.bin', 'empty.txt', 'not-an-image.png'])
      await anns.getByRole('button', { name: `Remove ${name}` }).click();
    await write(anns, 'Then without');
    await messageWith(bobs, 'Then without').waitFor();
    await Promise.all([browser.close(anns), browser.close(bobs)]);
  });

  test('show how far they are, can be canceled, and are tried again after a failure', async () => {
    const [anns, bobs] = await openTwo(browser, runtime().url);
    // As slow as a bad connection: four megabytes take eight seconds.
    const network = await anns.context().newCDPSession(anns);
    const conditions = { offline: false, latency: 0, downloadThroughput: -1 };
    await network.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: 512_000 });
    await addFiles(anns, [bytesFile('slow.bin', 4_000_000)]);
    const row = uploadRow(anns, 'slow.bin');
    const share = async (): Promise<number> =>
      Number(await row.getByRole('progressbar').getAttribute('value'));
    await expect.poll(share, { ...patience, interval: 50 }).toBeGreaterThan(0);
    expect(await share()).toBeLessThan(4_000_000);
    await row.getByRole('button', { name: 'Cancel' }).click();
    await row.getByRole('button', { name: 'Try again' }).waitFor();
    await network.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: -1 });
    // The bucket refuses the next form.
    await faults('POST', [
      { point: 'storage', match: { operation: 'PostObject', nth: 1 }, action: 'fail', status: 403 },
    ]);
    await row.getByRole('button', { name: 'Try again' }).click();
    await write(anns, 'At last');
    const link = messageWith(bobs, 'At last').getByRole('link', { name: 'Download slow.bin' });
    await link.waitFor(patience);
    const downloading = bobs.waitForEvent('download');
    await link.click();
    expect((await downloading).suggestedFilename()).toBe('slow.bin');
    await Promise.all([browser.close(anns), browser.close(bobs)]);
  });

  test('wait on the device while the network is gone, and are sent once when it is back', async () => {
    const [anns, bobs] = await openTwo(browser, runtime().url);
    await write(anns, 'before');
    await messageWith(bobs, 'before').waitFor();
    await anns.context().setOffline(true);
    await anns.getByText('You are offline').waitFor();
    await addFiles(anns, [await photo('tunnel.jpg')]);
    await uploadRow(anns, 'tunnel.jpg').getByRole('textbox').fill('A tunnel');
    await write(anns, 'in a tunnel');
    await messageWith(anns, 'in a tunnel').getByText('Sending').waitFor();
    await anns.getByRole('log').getByAltText('A tunnel').waitFor();
    await anns.context().setOffline(false);
    await storedImage(bobs, 'A tunnel').waitFor(patience);
    await expectSent(anns, 'in a tunnel');
    await storedImage(anns, 'A tunnel').waitFor(patience);
    for (const page of [anns, bobs]) expect(await messageWith(page, 'in a tunnel').count()).toBe(1);
    await Promise.all([browser.close(anns), browser.close(bobs)]);
  });
});
