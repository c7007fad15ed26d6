/** Bundles what checks images as the functions are bundled, since the image library is part of what is tested. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll } from 'vitest';
import { bundleDirectory, bundleFunctions } from '../../../infra/bundle.ts';
import type * as Images from './bundled/images/index.ts';

export const require = createRequire(import.meta.url);

/** Returns the functions, once the tests of the file have begun, and the folder of the bundle. */
export function useImages(): { images: () => typeof Images; directory: string } {
  const outdir = mkdtempSync(join(tmpdir(), 'images-'));
  const directory = bundleDirectory('images', outdir);
  let images: typeof Images;
  beforeAll(async () => {
    await bundleFunctions({
      outdir,
      names: ['images'],
      sourceDirectory: join(import.meta.dirname, 'bundled'),
    });
    images = require(join(directory, 'index.js')) as typeof Images;
  });
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));
  return { images: () => images, directory };
}

/** Describes an image, such as `gif 40×30 5 frames`. */
export async function sizeOf(bytes: Uint8Array): Promise<string> {
  const { format, width, pageHeight, height, pages = 1 } = await sharp(bytes, { animated: true }).metadata();
  return `${format} ${width}×${pageHeight ?? height}${pages > 1 ? ` ${pages} frames` : ''}`;
}
