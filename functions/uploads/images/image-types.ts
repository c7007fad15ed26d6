/** The types of images that are shown in place, and the names under which the image library knows them. */

export const imageFormats = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
} as const;

export type ImageType = keyof typeof imageFormats;
