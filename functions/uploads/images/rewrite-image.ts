/**
 * Decodes an image and writes it anew. What is not part of the picture is left behind: the place where a photo was taken,
 * other metadata, and whatever else the file contained.
 */
import sharp, { type Sharp } from 'sharp';
import type { ImageType } from './image-types.ts';
import { maxRewrittenBytes } from './image-bounds.ts';
import { openImage, RefusedImage, refusing } from './open-image.ts';

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

/** For an image that was stored with a lower quality than that and would grow beyond what was uploaded. */
const lowerQualities = [75, 60] as const;

/** A photo that was stored with a quality of 30 grows to 1.7 times its bytes with one of 90, and to 1.3 times with 75. */
const maxGrowth = 1.5;

/** Smaller files are not worth a loss. */
const alwaysAllowedBytes = 512 * 1_024;

const webp = { quality: 80, effort: 2 } as const;

/**
 * Writes an image anew, with its thumbnails.
 * @throws RefusedImage
 */
export async function rewriteImage(bytes: Uint8Array, type: ImageType): Promise<RewrittenImage> {
  const { width, height, isAnimated, pipeline } = await openImage(bytes, type);
  return refusing(async () => {
    const thumbnails = await thumbnailsOf(pipeline());
    const original = await rewrite(() => pipeline({ allFrames: isAnimated }), type, bytes.length);
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

/**
 * Encodes an image so that it takes at most half as many bytes again as were uploaded, as far as a lower quality brings that
 * about, and never more than the bound. What is stored thus stays near what was counted for its user's day.
 * @throws RefusedImage `image_too_large`
 */
async function rewrite(image: () => Sharp, type: ImageType, uploadedBytes: number): Promise<Uint8Array> {
  const wantedBytes = Math.min(maxRewrittenBytes, Math.max(alwaysAllowedBytes, maxGrowth * uploadedBytes));
  let encoded = await encode(image(), type, quality);
  for (const lower of isLossy(type) ? lowerQualities : []) {
    if (encoded.length <= wantedBytes) break;
    encoded = await encode(image(), type, lower);
  }
  if (encoded.length > maxRewrittenBytes) throw new RefusedImage('image_too_large');
  return encoded;
}

const isLossy = (type: ImageType): boolean => type === 'image/jpeg' || type === 'image/webp';

function encode(image: Sharp, type: ImageType, lossyQuality: number): Promise<Uint8Array> {
  switch (type) {
    case 'image/jpeg':
      return image.jpeg({ quality: lossyQuality }).toBuffer();
    case 'image/png':
      return image.png().toBuffer();
    case 'image/webp':
      return image.webp({ quality: lossyQuality }).toBuffer();
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
