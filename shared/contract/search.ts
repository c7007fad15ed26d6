/** Schemas of searches for messages: the query and the page of results. */
import * as z from 'zod';
import { Message, MessagePreview } from './entities.ts';
import { Timestamp, UserId, wholeNumber } from './identifiers.ts';
import * as limits from './limits.ts';
import { WellFormedText } from './text.ts';

/** A day, or a time with its offset from UTC. */
const Time = z.union(
  [z.iso.date(), z.iso.datetime({ offset: true })],
  'must be a date or a time in ISO 8601 format',
);

export const SearchQuery = z.object({
  q: WellFormedText.min(1)
    .max(limits.searchLength)
    .optional()
    .describe(
      `Up to ${limits.searchTerms} words, all of which must occur in the message, or in the names and descriptions of its attachments: at the beginning of a word, or anywhere in scripts that put no spaces between words. Case, width and accents make no difference. May be left out with \`from_user\` or \`has\`.`,
    ),
  from_user: UserId.optional().describe('The sender of the messages.'),
  has: z
    .enum(['attachment', 'image', 'link'])
    .optional()
    .describe('What the messages have: a file, an image, or the address of a page in their content.'),
  before: Time.optional().describe(
    'The messages were sent before this time: a date, which begins at midnight UTC, or a time with its offset.',
  ),
  after: Time.optional().describe('The messages were sent at this time or after it.'),
  limit: wholeNumber(1, limits.searchPageSizeMaximum).default(limits.searchPageSize),
  cursor: z
    .string()
    .min(1)
    .max(4_096)
    .optional()
    .describe('Where the search goes on: the `cursor` of the page before, with the same query.'),
});

export const Highlight = z.object({ start: z.int().min(0), end: z.int().min(1) }).meta({
  id: 'Highlight',
  description:
    'A place in the content of a message where a word of the query stands, in UTF-16 code units; `end` is excluded.',
});

export const SearchResult = Message.extend({
  highlights: z
    .array(Highlight)
    .max(limits.searchHighlights)
    .describe(
      'In the order of the content. Empty when the words stand only in the names and descriptions of attachments.',
    ),
  context: z
    .object({ before: MessagePreview.optional(), after: MessagePreview.optional() })
    .optional()
    .describe(
      'The messages before and after this one in its room, without deleted ones. Each may be missing at the edge of what one request reads.',
    ),
}).meta({ id: 'SearchResult', description: 'A message that a search has found.' });

export const SearchPage = z
  .object({
    results: z.array(SearchResult).describe('Newest first. May be empty although the search goes on.'),
    searched_back_to: Timestamp.nullable().describe(
      'All matching messages that were sent after this time have been found. Null when the search has come to its end.',
    ),
    cursor: z.string().optional().describe('For the next page. Absent when the search has come to its end.'),
  })
  .meta({ id: 'SearchPage', description: 'What one request has found, and how far back it has searched.' });

/** A validated query, without its page. */
export type SearchCriteria = Omit<z.output<typeof SearchQuery>, 'limit' | 'cursor'>;
export type Highlight = z.infer<typeof Highlight>;
export type SearchResult = z.infer<typeof SearchResult>;
export type SearchPage = z.infer<typeof SearchPage>;
