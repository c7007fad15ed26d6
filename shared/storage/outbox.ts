/** The mark of new items that their writer leaves to the table stream. */
import type { Attribute } from './attributes.ts';

/** The filter of the stream passes on an item that is stored with `outbox` set to one of these. */
export const outboxMarks = { stream: 'stream', inbox: 'inbox' } as const;

/** True for an item that its writer leaves to the table stream, `inbox` for an entry that concerns watched inboxes alone. */
export const outbox: Attribute<boolean | 'inbox'> = {
  name: 'outbox',
  type: `\`${outboxMarks.stream}\`, \`${outboxMarks.inbox}\` or absent`,
  parse: (stored) => (stored === outboxMarks.inbox ? 'inbox' : stored === outboxMarks.stream),
  encode: (value) => (value === 'inbox' ? outboxMarks.inbox : value ? outboxMarks.stream : undefined),
};
