/** Reads the image that the user chose, and writes its square as a small file. */
import type { CropArea } from './crop-area.ts';

/** In pixels: twice what the largest view of a picture shows. */
const maxSide = 640;

/** The server's limit. */
const maxBytes = 1_048_576;

const qualities = [0.92, 0.8, 0.6, 0.4];

/** Decodes an image, turned as its camera was held. Rejects for a file that the browser cannot show. */
export function readImage(file: Blob): Promise<ImageBitmap> {
  return createImageBitmap(file, { imageOrientation: 'from-image' });
}

/** Draws the square of an image over a whole canvas. What is transparent becomes white. */
export function drawArea(canvas: HTMLCanvasElement, image: ImageBitmap, area: CropArea): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.imageSmoothingQuality = 'high';
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  const { left, top, side } = area;
  context.drawImage(image, left, top, side, side, 0, 0, canvas.width, canvas.height);
}

/** Returns the square as a JPEG of at most 640 × 640 pixels and 1 MiB; undefined when the browser cannot write one. */
export async function writePicture(image: ImageBitmap, area: CropArea): Promise<Blob | undefined> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.max(1, Math.round(Math.min(maxSide, area.side)));
  drawArea(canvas, image, area);
  for (const quality of qualities) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (blob !== null && blob.size <= maxBytes) return blob;
  }
  return undefined;
}
