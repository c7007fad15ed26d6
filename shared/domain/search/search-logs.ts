/** Searches the logs of several rooms at once, newest first, within one budget. */
import type { SearchResult } from '../../contract/search.ts';
import * as limits from '../../contract/limits.ts';
import { viewAttachmentsOf, type ViewAttachments, type ViewPorts } from '../files/view-attachments.ts';
import { BudgetedReading, readingBudgets } from '../messages/reading-budget.ts';
import { takeWithinBytes } from '../take-within-bytes.ts';
import { viewMessageWith, viewPreview } from '../views.ts';
import type { PreparedCriteria } from './criteria.ts';
import { findHighlights } from './highlights.ts';
import type { FoundMessage, RoomReading } from './room-reading.ts';

export interface SearchedLogs {
  /** Newest first. */
  results: SearchResult[];
  /** How much was read beyond the budget, which is what the request is charged for in advance. */
  bytesBeyond: number;
  /** No matching message is missing that was sent after this time; undefined when all logs were read to their ends. */
  searchedBackToMs: number | undefined;
}

/**
 * Reads on in the room whose unread messages may be the newest, until no unread message can be newer than the results. What was
 * found beyond that is put back into its reading, so that the next request finds it again. Every request moves at least one
 * reading, because the room that is newest when it begins is no longer so when it ends, or its messages are in the answer.
 */
export async function searchLogs(
  ports: ViewPorts,
  readings: readonly RoomReading[],
  criteria: PreparedCriteria,
  limit: number,
  reading = new BudgetedReading(readingBudgets.search),
): Promise<SearchedLogs> {
  const found: FoundMessage[] = [];
  let next = newestOf(readings);
  let settled: FoundMessage[] = [];
  while (next !== undefined && !reading.isSpent && settled.length < limit) {
    found.push(...(await next.readPart(reading)));
    next = newestOf(readings);
    const boundMs = next?.timeMs ?? Number.NEGATIVE_INFINITY;
    settled = found.filter(({ timeMs }) => timeMs >= boundMs);
  }
  settled.sort((a, b) => b.timeMs - a.timeMs || b.entry.seq - a.entry.seq);
  const chosen = settled.slice(0, limit);
  const viewAttachments = await viewAttachmentsOf(
    ports,
    chosen.map(({ entry }) => entry),
  );
  const results = takeWithinBytes(
    chosen.map((message) => viewFound(message, criteria.terms, viewAttachments)),
    limits.answerBytes,
  );
  const answered = new Set(settled.slice(0, results.length));
  for (const message of found) if (!answered.has(message)) putBack(readings, message);
  return { results, bytesBeyond: reading.bytesBeyond, searchedBackToMs: newestOf(readings)?.timeMs };
}

function newestOf(readings: readonly RoomReading[]): RoomReading | undefined {
  return readings
    .filter(({ isDone }) => !isDone)
    .reduce<RoomReading | undefined>(
      (newest, one) => (newest === undefined || one.timeMs > newest.timeMs ? one : newest),
      undefined,
    );
}

function putBack(readings: readonly RoomReading[], message: FoundMessage): void {
  readings.find(({ roomId }) => roomId === message.entry.roomId)?.putBack(message);
}

function viewFound(
  { entry, older, newer }: FoundMessage,
  terms: readonly string[],
  viewAttachments: ViewAttachments,
): SearchResult {
  const hasContext = older !== undefined || newer !== undefined;
  return {
    ...viewMessageWith(entry, viewAttachments),
    highlights: findHighlights(entry.content, terms),
    ...(hasContext && {
      context: {
        ...(older && { before: viewPreview(older) }),
        ...(newer && { after: viewPreview(newer) }),
      },
    }),
  };
}
