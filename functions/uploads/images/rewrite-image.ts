/**
 * Decodes an image and writes it anew. What is not part of the picture is left behind: the place where a photo was taken,
 * other metadata, and whatever else the file contained.
 */
import sharp, { type Sharp } from 'sharp';
import type { ImageType } from './image-types.ts';
import { openImage, refusing } from './open-image.ts';

/** The longest sides of thumbnails, in pixels. */
export const thumbnailSizes = [1_280, 320, 96] as const;

export type ThumbnailSize = (typeof thumbnailSizes)[number];

/** The sides of the two squares that are made of a profile picture, in pixels. */
export const pictureSizes = [320, 96] as const;

export type PictureSize = (typeof pictureSizes)[number];

export interface RewrittenImage {
  /** Of the original, in pixels, as it is shown. */
  width: number;
  height: number;
  /** Of the same type as the image. An animation keeps its frames. */
  original: Uint8Array;
  /** WebP, of the first frame. An image that is smaller than a size is not enlarged. */
  thumbnails: Record<ThumbnailSize, Uint8Array>;
}

/** Keeps what photographers see; the usual loss of a photo that is sent on. */
const quality = 90;

const webp = { quality: 80, effort: 2 } as const;

/**
 * Writes an image anew, with its thumbnails.
 * @throws RefusedImage
 */
export async function rewriteImage(bytes: Uint8Array, type: ImageType): Promise<RewrittenImage> {
  const { width, height, isAnimated, pipeline } = await openImage(bytes, type);
  return refusing(async () => {
    const thumbnails = await thumbnailsOf(pipeline());
    const original = await encode(pipeline({ allFrames: isAnimated }), type);
    return { width, height, original, thumbnails };
  });
}

/** Decodes the image once: the smaller thumbnails are made of the largest. */
async function thumbnailsOf(image: Sharp): Promise<RewrittenImage['thumbnails']> {
  const [largest, ...smaller] = thumbnailSizes;
  const { data, info } = await inside(image, largest).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const decoded = (): Sharp => sharp(data, { raw: { width, height, channels } });
  const encoded = (size: ThumbnailSize): Promise<Uint8Array> =>
    (size === largest ? decoded() : inside(decoded(), size)).webp(webp).toBuffer();
  const [small, smallest] = smaller;
  return {
    [largest]: await encoded(largest),
    [small]: await encoded(small),
    [smallest]: await encoded(smallest),
  };
}

const inside = (image: Sharp, size: number): Sharp =>
  image.resize(size, size, { fit: 'inside', withoutEnlargement: true });

function encode(image: Sharp, type: ImageType): Promise<Uint8Array> {
  switch (type) {
    case 'image/jpeg':
      return image.jpeg({ quality }).toBuffer();
    case 'image/png':
      return image.png().toBuffer();
    case 'image/webp':
      return image.webp({ quality }).toBuffer();
    case 'image/gif':
      return image.gif().toBuffer();
  }
}

/**
 * Writes the middle of an image as the squares of a profile picture, in WebP. A small one is not enlarged.
 * @throws RefusedImage
 */
export async function rewritePicture(
  bytes: Uint8Array,
  type: ImageType,
): Promise<Record<PictureSize, Uint8Array>> {
  const { width, height, pipeline } = await openImage(bytes, type);
  return refusing(async () => {
    const [largest, small] = pictureSizes;
    const side = Math.min(largest, width, height);
    const square = await pipeline().resize(side, side, { fit: 'cover' }).webp({ quality }).toBuffer();
    const smallSide = Math.min(small, side);
    return { [largest]: square, [small]: await sharp(square).resize(smallSide).webp(webp).toBuffer() };
  });
}
