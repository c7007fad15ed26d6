/** The square part of an image that becomes a profile picture, and how a user moves and sizes it. Nothing here draws. */

export interface ImageSize {
  width: number;
  height: number;
}

export interface CropArea {
  /** In pixels of the image. */
  left: number;
  top: number;
  side: number;
}

/** How much smaller the square can be than the largest one. */
export const maxZoom = 8;

/** No image is cut to fewer pixels than this, unless it has fewer. */
const minSide = 96;

/** Returns the largest square, in the middle of the image. */
export function largestArea({ width, height }: ImageSize): CropArea {
  const side = Math.min(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, side };
}

export function zoomOf(size: ImageSize, { side }: CropArea): number {
  return Math.min(size.width, size.height) / side;
}

/** Returns how far the user can zoom into an image of that size. */
export function zoomLimit({ width, height }: ImageSize): number {
  return Math.max(1, Math.min(maxZoom, Math.min(width, height) / minSide));
}

/** Moves the square by shares of its own side: a drag across the whole view is 1. */
export function movedArea(size: ImageSize, area: CropArea, right: number, down: number): CropArea {
  return inside(size, { ...area, left: area.left + right * area.side, top: area.top + down * area.side });
}

/**
 * Zooms to `zoom`, from 1, which is the largest square, to the limit. The point at `x` and `y`, in shares of the square, stays
 * where it is: by default the middle.
 */
export function zoomedArea(
  size: ImageSize,
  area: CropArea,
  zoom: number,
  { x, y }: { x: number; y: number } = { x: 0.5, y: 0.5 },
): CropArea {
  const side = Math.min(size.width, size.height) / Math.min(zoomLimit(size), Math.max(1, zoom));
  return inside(size, {
    left: area.left + x * (area.side - side),
    top: area.top + y * (area.side - side),
    side,
  });
}

function inside({ width, height }: ImageSize, { left, top, side }: CropArea): CropArea {
  const within = (start: number, length: number): number => Math.max(0, Math.min(length - side, start));
  return { left: within(left, width), top: within(top, height), side };
}
