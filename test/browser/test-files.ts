/** Files for browser tests, and the ways in which users hand them to the page. */
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import type { TestFile } from '../kit/uploads.ts';

/** Returns a photo of one color with that many pixels. */
export async function photo(
  name: string,
  { width = 640, height = 480, color = '#2f7fb5', alt }: PhotoOptions = {},
): Promise<TestFile> {
  const image = sharp({ create: { width, height, channels: 3, background: color } });
  return {
    name,
    type: 'image/jpeg',
    bytes: await image.jpeg().toBuffer(),
    ...(alt !== undefined && { alt }),
  };
}

interface PhotoOptions {
  width?: number;
  height?: number;
  color?: string;
  alt?: string;
}

/** Returns bytes that are of no known type and do not become smaller when they are compressed. */
export function bytesFile(name: string, size: number): TestFile {
  const bytes = Buffer.alloc(size);
  for (let index = 0; index < size; index += 1) bytes[index] = (Math.imul(index, 2_654_435_761) >>> 13) & 255;
  return { name, type: 'application/octet-stream', bytes };
}

/** As Playwright takes files. */
export const payloadOf = ({ name, type, bytes }: TestFile) => ({
  name,
  mimeType: type,
  buffer: Buffer.from(bytes),
});

/** Returns an expression for a `DataTransfer` of the page that holds the files. */
const transferOf = (files: readonly TestFile[]): string => `(() => {
  const transfer = new DataTransfer();
  for (const { name, type, data } of ${JSON.stringify(
    files.map(({ name, type, bytes }) => ({ name, type, data: Buffer.from(bytes).toString('base64') })),
  )}) {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type }));
  }
  return transfer;
})()`;

/** Pastes files into a field, as the clipboard does. */
export async function paste(page: Page, field: Locator, files: readonly TestFile[]): Promise<void> {
  await field.focus();
  await page.evaluate(`document.activeElement.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData: ${transferOf(files)}, bubbles: true, cancelable: true }))`);
}

/** Drags files over the element that matches, calls `whileOver`, and drops them. */
export async function drop(
  page: Page,
  selector: string,
  files: readonly TestFile[],
  whileOver: () => Promise<void> = async () => undefined,
): Promise<void> {
  const fire = (...types: string[]): Promise<void> =>
    page.evaluate(`(() => {
      const dataTransfer = ${transferOf(files)};
      for (const type of ${JSON.stringify(types)})
        document.querySelector(${JSON.stringify(selector)})
          .dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    })()`);
  await fire('dragenter', 'dragover');
  await whileOver();
  await fire('drop');
}
