/** Reads the record of a plain client for one room, and resumes the room on it. */

import { Refused, type ChatEvent, type PlainClient } from './plain-client.ts';
import type { TableReader } from './table-reader.ts';

/** Returns the last event that the client received for each seq of the room, from index `from` of its record on. */
export function receivedEvents(
  client: Pick<PlainClient, 'record'>,
  roomId: string,
  from = 0,
): Map<number, ChatEvent> {
  const events = new Map<number, ChatEvent>();
  for (const { event } of client.record.slice(from)) {
    if (event['room_id'] !== roomId || event.type === 'ack' || typeof event['seq'] !== 'number') continue;
    events.set(event['seq'], event);
  }
  return events;
}

/** Returns the seqs above `after` that the table holds and the client did not receive, without void entries. */
export async function findMissed(
  table: TableReader,
  roomId: string,
  received: ReadonlyMap<number, unknown>,
  after = 0,
): Promise<number[]> {
  const log = await table.logOf(roomId);
  return log
    .filter(({ kind, seq }) => kind !== 'void' && seq > after && !received.has(seq))
    .map(({ seq }) => seq);
}

/**
 * Requests the entries after `after`, page by page. Returns the head; undefined when the socket closes before the
 * end.
 */
export async function catchUp(
  client: PlainClient,
  roomId: string,
  after: number,
): Promise<number | undefined> {
  for (let known = after; client.isOpen;) {
    const from = client.record.length;
    const end = await client.ask(
      { type: 'history', room_id: roomId, after: known, limit: pageSize },
      'history_end',
    );
    // A busy machine did not answer in time, so the page is requested again.
    if (end === undefined) continue;
    if (end['has_more'] !== true) return end['head'];
    const page = [...receivedEvents(client, roomId, from).keys()]
      .filter((seq) => seq > known)
      .sort((x, y) => x - y);
    known = page[pageSize - 1]!;
  }
  return undefined;
}

const pageSize = 100;

/**
 * Opens the room. Tries again when the machine is too slow, or when the socket closes before its welcome is complete.
 */
export async function enterWithRetries(client: PlainClient, query: string, attempts = 5): Promise<ChatEvent> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.enter(query, 20_000);
    } catch (error) {
      if (error instanceof Refused && error.status < 500 && error.status !== 429) throw error;
      if (attempt === attempts) throw error;
    }
  }
}

/** Calls `work` for every item, at most `concurrency` at a time. */
export async function forEachConcurrent<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, index: number) => Promise<void>,
) {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, lane));
}
