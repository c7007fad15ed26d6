/** The mark of new items that their writer leaves to the table stream. */
import type { Attribute } from './attributes.ts';

/** The filter of the stream passes on an item that is stored with `outbox` set to this. */
export const outboxMark = 'stream';

/** True for an item that its writer leaves to the table stream. */
export const outbox: Attribute<boolean> = {
  name: 'outbox',
  type: `\`${outboxMark}\` or absent`,
  parse: (stored) => stored === outboxMark,
  encode: (value) => (value ? outboxMark : undefined),
};
