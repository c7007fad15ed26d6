/** The attributes of a checked file, which an upload has first and its message then. */
import { number, optional, text } from './attributes.ts';

export const checkedUpload = {
  folder: text('folder'),
  type: text('type'),
  size: number('size'),
  width: optional(number('width')),
  height: optional(number('height')),
};
