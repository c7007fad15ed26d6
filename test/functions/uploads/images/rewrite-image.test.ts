import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { require, sizeOf, useImages } from '../use-images.ts';
import { maxRewrittenBytes } from '../../../../functions/uploads/images/image-bounds.ts';
import { animation, blackPng, metadataOfPhone, noise, picture, withStatedSize } from './pictures.ts';

const { images, directory } = useImages();

const script = Buffer.from('<script>alert(1)</script>');

describe('the bundle with the image library', () => {
  it('has the WebAssembly build and its license beside it, and no build for one platform', () => {
    const modules = join(directory, 'node_modules/@img');
    expect(existsSync(join(modules, 'sharp-wasm32/LICENSE'))).toBe(true);
    const loaded = Object.keys(require.cache).filter((path) => path.includes('@img/'));
    expect(loaded.filter((path) => path.startsWith(directory) && !path.includes('sharp-wasm32'))).toEqual([]);
    expect(loaded).toContain(join(modules, 'sharp-wasm32/index.cjs'));
  });
});

describe('an image', () => {
  it.each([
    ['image/jpeg', 'jpeg', () => picture(1_600, 200).jpeg()],
    ['image/jpeg', 'jpeg', () => picture(1_600, 200).jpeg({ progressive: true })],
    ['image/png', 'png', () => picture(1_600, 200).png()],
    ['image/webp', 'webp', () => picture(1_600, 200).webp()],
    ['image/gif', 'gif', () => picture(1_600, 200).gif({ effort: 1 })],
  ] as const)('of the type %s is written anew, with three thumbnails', async (type, format, make) => {
    const image = await images().rewriteImage(await make().toBuffer(), type);
    expect(image).toMatchObject({ width: 1_600, height: 200 });
    expect(await sizeOf(image.original)).toBe(`${format} 1600×200`);
    expect(
      await Promise.all(([1_280, 320, 96] as const).map((size) => sizeOf(image.thumbnails[size]))),
    ).toEqual(['webp 1280×160', 'webp 320×40', 'webp 96×12']);
  });

  it('is turned as its metadata demand, and loses them with the place where it was taken', async () => {
    const photo = await picture(400, 200)
      .withExif(metadataOfPhone)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { exif, orientation } = await sharp(photo).metadata();
    expect([exif?.includes('Phone'), orientation]).toEqual([true, 6]);
    const image = await images().rewriteImage(photo, 'image/jpeg');
    expect(image).toMatchObject({ width: 200, height: 400 });
    for (const bytes of [image.original, ...Object.values(image.thumbnails)]) {
      const metadata = await sharp(bytes).metadata();
      expect([metadata.exif, metadata.orientation, metadata.xmp, metadata.iptc]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
      expect(metadata.width < metadata.height).toBe(true);
    }
  });

  it.each([
    ['image/jpeg', () => picture(20, 10).jpeg()],
    ['image/png', () => picture(20, 10).png()],
    ['image/gif', () => picture(20, 10).gif()],
    ['image/webp', () => picture(20, 10).webp()],
  ] as const)('of the type %s loses what follows it in the file', async (type, make) => {
    const polyglot = Buffer.concat([await make().toBuffer(), script]);
    const { original } = await images().rewriteImage(polyglot, type);
    expect(polyglot.includes(script)).toBe(true);
    expect(Buffer.from(original).includes(script)).toBe(false);
  });

  it.each(['jpeg', 'webp'] as const)(
    'of the type %s that was stored with a low quality grows by half its bytes at most',
    async (format) => {
      const noisy = await noise(2_000, 1_500).blur(1)[format]({ quality: 30 }).toBuffer();
      const plain = await sharp(noisy)[format]({ quality: 90 }).toBuffer();
      expect(plain.length).toBeGreaterThan(1.5 * noisy.length);
      const { original } = await images().rewriteImage(noisy, `image/${format}`);
      expect(original.length).toBeLessThanOrEqual(1.5 * noisy.length);
    },
    60_000,
  );

  it('is refused when it takes more than 10 MiB once it is written anew', async () => {
    const png = await noise(1_900, 1_900).png({ compressionLevel: 0 }).toBuffer();
    expect(png.length).toBeGreaterThan(maxRewrittenBytes);
    await expect(images().rewriteImage(png, 'image/png')).rejects.toMatchObject({
      problem: 'image_too_large',
    });
  }, 60_000);

  it.each([
    ['image/gif', 'gif', () => animation(40, 30, 5).gif()],
    ['image/webp', 'webp', () => animation(40, 30, 5).webp()],
  ] as const)(
    'of the type %s keeps its frames, and its thumbnails show the first',
    async (type, format, make) => {
      const image = await images().rewriteImage(await make().toBuffer(), type);
      expect(image).toMatchObject({ width: 40, height: 30 });
      expect(await sizeOf(image.original)).toBe(`${format} 40×30 5 frames`);
      expect(await sizeOf(image.thumbnails[96])).toBe('webp 40×30');
    },
  );

  it('that is smaller than a thumbnail is not enlarged', async () => {
    const { thumbnails } = await images().rewriteImage(await picture(100, 20).png().toBuffer(), 'image/png');
    expect(await Promise.all(Object.values(thumbnails).map(sizeOf))).toEqual([
      'webp 96×19',
      'webp 100×20',
      'webp 100×20',
    ]);
  });
});

describe('an image is refused', () => {
  const unreadable = { name: 'RefusedImage', problem: 'unreadable_image' };
  const tooLarge = { name: 'RefusedImage', problem: 'image_too_large' };

  it.each([
    ['a page', 'image/png', Buffer.from('<html><script>alert(1)</script></html>')],
    ['an SVG', 'image/png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['nothing', 'image/jpeg', Buffer.alloc(0)],
    ['noise', 'image/webp', Buffer.alloc(1_000, 'x')],
  ] as const)('when it is %s', async (_, type, bytes) => {
    await expect(images().rewriteImage(bytes, type)).rejects.toMatchObject(unreadable);
    await expect(images().rewritePicture(bytes, type)).rejects.toMatchObject(unreadable);
  });

  it('when it is of another type than stated, or of one that is not shown', async () => {
    const png = await picture(10, 10).png().toBuffer();
    await expect(images().rewriteImage(png, 'image/jpeg')).rejects.toMatchObject(unreadable);
    const avif = await picture(64, 64).avif().toBuffer();
    await expect(images().rewriteImage(avif, 'image/png')).rejects.toMatchObject(unreadable);
    const tiff = await picture(64, 64).tiff().toBuffer();
    await expect(images().rewriteImage(tiff, 'image/png')).rejects.toMatchObject(unreadable);
  });

  it('when a part of it is missing or damaged', async () => {
    const jpeg = await picture(300, 300).jpeg().toBuffer();
    await expect(images().rewriteImage(jpeg.subarray(0, 5_000), 'image/jpeg')).rejects.toMatchObject(
      unreadable,
    );
    const png = await picture(300, 300).png().toBuffer();
    png.fill(0, 20_000, 20_100);
    await expect(images().rewriteImage(png, 'image/png')).rejects.toMatchObject(unreadable);
  });

  it.each([
    ['a PNG of 25 million pixels', 'image/png', () => blackPng(25_001, 1_000)],
    ['a PNG of 2,500 million pixels', 'image/png', () => blackPng(250_000, 10_000)],
  ] as const)('when it has more pixels than allowed: %s', async (_, type, make) => {
    const bytes = make();
    expect(bytes.length).toBeLessThan(10 * 1024 * 1024);
    await expect(images().rewriteImage(bytes, type)).rejects.toMatchObject(tooLarge);
  });

  it('when its header alone states more pixels than allowed', async () => {
    const jpeg = withStatedSize(await picture(16, 16).jpeg().toBuffer(), 60_000, 60_000);
    await expect(images().rewriteImage(jpeg, 'image/jpeg')).rejects.toMatchObject(tooLarge);
  });

  it('when its frames have more pixels together, or are too many', async () => {
    const many = await animation(8, 8, 201).gif().toBuffer();
    await expect(images().rewriteImage(many, 'image/gif')).rejects.toMatchObject(tooLarge);
    const large = await animation(1_100, 1_000, 23).gif({ effort: 1, colors: 4 }).toBuffer();
    await expect(images().rewriteImage(large, 'image/gif')).rejects.toMatchObject(tooLarge);
  });
});

describe('a profile picture', () => {
  it('is the middle of an image in two squares', async () => {
    const squares = await images().rewritePicture(await picture(900, 400).jpeg().toBuffer(), 'image/jpeg');
    expect(await Promise.all(([320, 96] as const).map((size) => sizeOf(squares[size])))).toEqual([
      'webp 320×320',
      'webp 96×96',
    ]);
  });

  it('that is small is not enlarged', async () => {
    const squares = await images().rewritePicture(await picture(50, 70).png().toBuffer(), 'image/png');
    expect(await Promise.all(Object.values(squares).map(sizeOf))).toEqual(['webp 50×50', 'webp 50×50']);
  });

  it('that is animated is its first frame', async () => {
    const squares = await images().rewritePicture(await animation(120, 100, 3).gif().toBuffer(), 'image/gif');
    expect(await Promise.all(Object.values(squares).map(sizeOf))).toEqual(['webp 96×96', 'webp 100×100']);
  });
});
