/** How large an image may be. A file of some hundred kilobytes can hold more pixels than the function has memory for. */
import type { ImageType } from './image-types.ts';

/** The frames of an animation. Each of them is decoded and encoded again. */
export const maxFrames = 200;

/**
 * The pixels of all frames together. Decoding takes 13 bytes a pixel for the worst PNG (16 bits, interlaced) and 9 for the
 * worst JPEG (progressive, turned): 430 and 460 MB of the function's 1,769, in 7 seconds of its 29.
 */
export const maxPixels: Record<ImageType, number> = {
  'image/jpeg': 50_000_000,
  'image/png': 25_000_000,
  'image/webp': 25_000_000,
  'image/gif': 25_000_000,
};

/** What an image takes at most once it is written anew: as much as an upload may have. */
export const maxRewrittenBytes = 10 * 1_024 * 1_024;
