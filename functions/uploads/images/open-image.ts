/**
 * Opens images of strangers with the image library: only the four formats that are shown in place, one at a time, and with
 * bounds that hold before anything is decoded.
 */
import sharp, { type Sharp } from 'sharp';
import { maxFrames, maxPixels } from './image-bounds.ts';
import { imageFormats, type ImageType } from './image-types.ts';

// Decoders of other formats, such as SVG, cannot be reached by a file that pretends to be of another type.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
  ],
});
// A function has one processor and handles one image at a time. The library's cache would keep pixels of earlier ones.
sharp.concurrency(1);
sharp.cache(false);

/** `unreadable_image`: no such image, or a damaged one. `image_too_large`: more pixels or frames than the bounds. */
export type ImageProblem = 'unreadable_image' | 'image_too_large';

/** Thrown for an image that is refused. */
export class RefusedImage extends Error {
  override readonly name = 'RefusedImage';
  readonly problem: ImageProblem;

  constructor(problem: ImageProblem, options?: ErrorOptions) {
    super(`The image is refused: ${problem}`, options);
    this.problem = problem;
  }
}

export interface OpenedImage {
  /** In pixels, as it is shown: turned by the orientation that its metadata demand. */
  width: number;
  height: number;
  isAnimated: boolean;
  /** Returns a new pipeline over the image. `allFrames`: over the frames of an animation, one below the other. */
  pipeline: (options?: { allFrames: boolean }) => Sharp;
}

/**
 * Reads the header of an image.
 * @throws RefusedImage
 */
export async function openImage(bytes: Uint8Array, type: ImageType): Promise<OpenedImage> {
  const options = { limitInputPixels: maxPixels[type], failOn: 'error', sequentialRead: true } as const;
  const header = await refusing(() => sharp(bytes, { ...options, animated: true }).metadata());
  const { format, pages: frames = 1, pageHeight = header.height } = header;
  if (format !== imageFormats[type]) throw new RefusedImage('unreadable_image');
  if (frames > maxFrames || header.width * pageHeight * frames > maxPixels[type])
    throw new RefusedImage('image_too_large');
  const isAnimated = frames > 1;
  const { width, height } = isAnimated ? { width: header.width, height: pageHeight } : header.autoOrient;
  return {
    width,
    height,
    isAnimated,
    pipeline({ allFrames } = { allFrames: false }) {
      const image = sharp(bytes, { ...options, animated: allFrames });
      // The library cannot turn the frames of an animation.
      return isAnimated ? image : image.autoOrient();
    },
  };
}

/**
 * Runs work of the image library on the image of a stranger, whose errors are refusals.
 * @throws RefusedImage
 */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RefusedImage) throw error;
    const isTooLarge = error instanceof Error && error.message.includes('exceeds pixel limit');
    throw new RefusedImage(isTooLarge ? 'image_too_large' : 'unreadable_image', { cause: error });
  }
}
