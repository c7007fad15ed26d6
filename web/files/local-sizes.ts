/**
 * The sizes of images that are on this device and not stored yet, by their addresses: the server tells them later. A message
 * that is sent thereby takes the space that it has afterwards.
 */
import type { SyntheticEvent } from 'react';

interface Size {
  width: number;
  height: number;
}

const sizes = new Map<string, Size>();

/** More than a user sends at once. The oldest is forgotten. */
const maxSizes = 100;

/** Takes the size of an image that has just been loaded, such as in the row of an upload. */
export function rememberLocalSize({ target }: SyntheticEvent): void {
  if (!(target instanceof HTMLImageElement) || !target.src.startsWith('blob:')) return;
  sizes.set(target.src, { width: target.naturalWidth, height: target.naturalHeight });
  const [oldest] = sizes.keys();
  if (sizes.size > maxSizes && oldest !== undefined) sizes.delete(oldest);
}

export const localSizeOf = (address: string): Size | undefined => sizes.get(address);
