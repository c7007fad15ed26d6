/** Decides which messages a search finds. */
import type { SearchCriteria } from '../../contract/search.ts';
import { invalidField } from '../chat-error.ts';
import type { LogEntry, MessageEntry } from '../model/log.ts';
import { foldText } from './fold-text.ts';
import { matchesAll, termsOf } from './match-text.ts';

export interface PreparedCriteria {
  /** The messages were sent before this time. */
  beforeMs: number;
  /** The messages were sent at this time or later. */
  afterMs: number;
  /** The folded words of the query. */
  terms: string[];
  matches: (entry: MessageEntry) => boolean;
}

/** A message that may be shown. The text of a deleted one is gone from the table. */
export const isShown = (entry: LogEntry): entry is MessageEntry =>
  entry.kind === 'message' && !entry.isDeleted;

const link = /https?:\/\/[^\s]/i;

/** @throws ChatError `invalid_request` for a query without words that names neither a sender nor what messages have */
export function prepareCriteria({ q, from_user, has, before, after }: SearchCriteria): PreparedCriteria {
  const terms = termsOf(q ?? '');
  if (terms.length === 0 && from_user === undefined && has === undefined)
    throw invalidField('q', 'must have a word, unless from_user or has is given');
  const beforeMs = before === undefined ? Number.POSITIVE_INFINITY : Date.parse(before);
  const afterMs = after === undefined ? Number.NEGATIVE_INFINITY : Date.parse(after);
  return {
    beforeMs,
    afterMs,
    terms,
    matches: (entry) =>
      (from_user === undefined || entry.userId === from_user) &&
      entry.at < beforeMs &&
      entry.at >= afterMs &&
      (has === undefined || hasPart(entry, has)) &&
      (terms.length === 0 || matchesAll(textsOf(entry).map(foldText), terms)),
  };
}

const textsOf = ({ content, attachments = [] }: MessageEntry): string[] => [
  content,
  ...attachments.flatMap(({ name, alt }) => (alt === undefined ? [name] : [name, alt])),
];

function hasPart(
  { content, attachments = [] }: MessageEntry,
  part: NonNullable<SearchCriteria['has']>,
): boolean {
  switch (part) {
    case 'attachment':
      return attachments.length > 0;
    case 'image':
      return attachments.some(({ type }) => type.startsWith('image/'));
    case 'link':
      return link.test(content);
  }
}
