/** What a client that resumes needs to know of the record of one of a plain client's rooms. It asks for nothing by itself. */

import { Refused, type ChatEvent, type PlainClient } from './plain-client.ts';
import type { TableReader } from './table-reader.ts';

/** Everything with a seq of that room that reached the client, by seq; what was told last counts. */
export function heardOf(
  client: Pick<PlainClient, 'record'>,
  roomId: string,
  from = 0,
): Map<number, ChatEvent> {
  const heard = new Map<number, ChatEvent>();
  for (const { event } of client.record.slice(from)) {
    if (event['room_id'] !== roomId || event.type === 'ack' || typeof event['seq'] !== 'number') continue;
    heard.set(event['seq'], event);
  }
  return heard;
}

/** Seqs above `after`, tombstones apart, that lie in the table and did not reach the client. */
export async function missedOf(
  table: TableReader,
  roomId: string,
  heard: ReadonlyMap<number, unknown>,
  after = 0,
): Promise<number[]> {
  const log = await table.logOf(roomId);
  return log
    .filter(({ kind, seq }) => kind !== 'void' && seq > after && !heard.has(seq))
    .map(({ seq }) => seq);
}

/**
 * Entries after what it has, page by page, as `history` tells them; gives the head in the end. Undefined when the
 * socket ended before that.
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
    // Not answered in time, on a busy machine: asked again.
    if (end === undefined) continue;
    if (end['has_more'] !== true) return end['head'];
    const page = [...heardOf(client, roomId, from).keys()].filter((seq) => seq > known).sort((x, y) => x - y);
    known = page[pageSize - 1]!;
  }
  return undefined;
}

const pageSize = 100;

/** Opens the room, again when the machine was too slow for it or the socket ended before its welcome did. */
export async function enterAgain(client: PlainClient, query: string, attempts = 5): Promise<ChatEvent> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.enter(query, 20_000);
    } catch (error) {
      if (error instanceof Refused && error.status < 500 && error.status !== 429) throw error;
      if (attempt === attempts) throw error;
    }
  }
}

/** Waits for something that others bring about; false when it is not so in time. */
export async function eventually(
  isSo: () => Promise<boolean> | boolean,
  timeoutMs: number,
  everyMs = 50,
): Promise<boolean> {
  const until = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() >= until) return false;
    await new Promise((resolve) => void setTimeout(resolve, everyMs));
  }
  return true;
}

/** Works on all items, so many at a time. */
export async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, at: number) => Promise<void>,
) {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const at = next;
      next += 1;
      await work(items[at]!, at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
}
