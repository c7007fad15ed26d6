/** What kind of file an attachment is, and where its sizes are. */
import type { Attachment } from 'serverless-chat-client';

export type FileKind = 'image' | 'audio' | 'video' | 'download';

/** Returns how the page shows a file. The server serves these types alone to be shown in place. */
export function kindOf({ type }: Pick<Attachment, 'type'>): FileKind {
  if (/^image\/(jpeg|png|webp|gif)$/.test(type)) return 'image';
  if (/^audio\/(mpeg|mp4|ogg|wav|webm)$/.test(type)) return 'audio';
  if (/^video\/(mp4|webm)$/.test(type)) return 'video';
  return 'download';
}

/** The longest sides of the images that the server makes of an image, in pixels. A smaller image is not enlarged. */
export type ThumbnailSize = 96 | 320 | 1280;

/** Returns the address of an image in another size; that of the image itself while it is not stored yet. */
export function sizedUrl({ url, thumbnail_url: thumbnail }: Attachment, size: ThumbnailSize): string {
  return thumbnail?.replace(/\/320(?=\?|$)/, `/${size}`) ?? url;
}

/** Returns the sizes of an image for `srcset`, each with its width; undefined for one that is not stored yet. */
export function sourceSet(attachment: Attachment): string | undefined {
  const { width = 0, height = 0, thumbnail_url: thumbnail } = attachment;
  const longest = Math.max(width, height);
  if (longest === 0 || thumbnail === undefined) return undefined;
  // An image that is smaller than a size has one width only.
  const sizes: ThumbnailSize[] = longest <= 320 ? [320] : [320, 1280];
  return sizes
    .map(
      (size) =>
        `${sizedUrl(attachment, size)} ${Math.max(1, Math.round(width * Math.min(1, size / longest)))}w`,
    )
    .join(', ');
}

/** What says in words which image it is: its description, or else its name. */
export const textOf = ({ alt, name }: Pick<Attachment, 'alt' | 'name'>): string =>
  alt === undefined || alt === '' ? name : alt;

const kilobyte = 1_024;
const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Returns such as `1.4 MB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(kilobyte)));
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit: units[power]!,
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / kilobyte ** power);
}

/** Returns the ending of a file's name, such as `PDF`, for a sign that shows its type; empty without one. */
export function endingOf(name: string): string {
  return /\.([A-Za-z0-9]{1,4})$/.exec(name)?.[1]?.toUpperCase() ?? '';
}
