/** The files of a message that is written on the page: dropped, pasted, described, removed and refused. */
import { describe, expect, test } from 'vitest';
import { textFile } from '../kit/uploads.ts';
import { barriersOf } from './barriers.ts';
import { addFiles, openTwo, uploadRow } from './file-views.ts';
import { messageField, messageWith, write } from './page-views.ts';
import { bytesFile, drop, paste, photo } from './test-files.ts';
import { chromium, takeScreenshot, useBrowser } from './use-browser.ts';
import { usePageRuntime } from './use-page-runtime.ts';

const browser = useBrowser();
const runtime = usePageRuntime();

/** A check of an image may start the function first. */
const patience = { timeout: 20_000 };

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
});
