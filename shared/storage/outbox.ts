/** The mark of new items that their writer leaves to the table stream. */
import type { Attribute } from './attributes.ts';

/** The filter of the stream passes on an item that is stored with `outbox` set to one of these. */
export const outboxMarks = { stream: 'stream', inbox: 'inbox', files: 'files' } as const;

/**
 * True for an item that its writer leaves to the table stream, `inbox` for an entry that concerns watched inboxes, and `files`
 * for one whose files alone are left to it.
 */
export const outbox: Attribute<boolean | 'inbox' | 'files'> = {
  name: 'outbox',
  type: `\`${outboxMarks.stream}\`, \`${outboxMarks.inbox}\`, \`${outboxMarks.files}\` or absent`,
  parse: (stored) =>
    stored === outboxMarks.inbox || stored === outboxMarks.files ? stored : stored === outboxMarks.stream,
  encode: (value) =>
    typeof value === 'string' ? outboxMarks[value] : value ? outboxMarks.stream : undefined,
};
