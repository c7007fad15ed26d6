/** Files on the page: two people send each other images and other files, and look at them. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { messageField, messageWith, write } from './page-views.ts';
import { addFiles, openTwo, uploadRow } from './file-views.ts';
import { textFile } from '../kit/uploads.ts';
import { photo } from './test-files.ts';
import { chromium, useBrowser } from './use-browser.ts';
import { usePageRuntime } from './use-page-runtime.ts';

const browser = useBrowser();
const runtime = usePageRuntime();

/** A check of an image may start the function first. */
const patience = { timeout: 20_000 };

describe.skipIf(chromium === undefined)('files on the page', () => {
  test('reach the other user, who looks at the image with the keyboard and downloads the file', async () => {
    const [anns, bobs] = await openTwo(browser, runtime().url);
    const notes = textFile('Bring the lantern.\n', 'notes of today.txt');
    await addFiles(anns, [await photo('harbor.jpg'), await photo('boats.jpg', { color: '#a03a12' }), notes]);
    await uploadRow(anns, 'harbor.jpg').getByRole('textbox').fill('A harbor at dusk');
    // Without a text.
    await messageField(anns).press('Enter');
    await bobs.getByAltText('A harbor at dusk').waitFor(patience);
    await write(bobs, 'I see it');
    await messageWith(anns, 'I see it').waitFor();

    const first = bobs.getByRole('button', { name: 'Show image: A harbor at dusk' });
    await first.focus();
    await bobs.keyboard.press('Enter');
    const view = bobs.getByRole('dialog', { name: 'Images' });
    await view.getByText('Image 1 of 2').waitFor();
    await bobs.keyboard.press('ArrowRight');
    await view.getByText('boats.jpg').waitFor();
    await bobs.keyboard.press('ArrowRight');
    await bobs.keyboard.press('Home');
    await view.getByText('Image 1 of 2').waitFor();
    const shown = view.getByRole('img', { name: 'A harbor at dusk' });
    await expect
      .poll(
        () => shown.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
        patience,
      )
      .toBe(640);
    await bobs.keyboard.press('Escape');
    await view.waitFor({ state: 'detached' });
    expect(await first.evaluate((button) => button.matches(':focus'))).toBe(true);

    const downloading = bobs.waitForEvent('download');
    await bobs.getByRole('link', { name: 'Download notes of today.txt' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(notes.name);
    expect(readFileSync(await download.path(), 'utf8')).toBe('Bring the lantern.\n');
    await Promise.all([browser.close(anns), browser.close(bobs)]);
  });
});
