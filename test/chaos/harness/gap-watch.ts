/** Watches a room's log for gaps, and measures how long each of them stays open. */

import { setTimeout as delay } from 'node:timers/promises';
import type { TableReader } from './table-reader.ts';

export interface GapWatch {
  /**
   * Ends the watch. Returns how many seqs were gaps, and for how long the longest was open, to within `readEveryMs`.
   */
  stop(): Promise<{ gaps: number; maxMs: number }>;
}

const readEveryMs = 400;

export function watchGaps(table: TableReader, roomId: string): GapWatch {
  const since = new Map<number, number>();
  let maxMs = 0;
  const seen = new Set<number>();
  const stopping = new AbortController();

  async function read(): Promise<void> {
    // The head is read first: entries that are stored afterwards can only reduce the number of gaps.
    const head = await table.headOf(roomId);
    const stored = new Set((await table.logOf(roomId)).map(({ seq }) => seq));
    const now = Date.now();
    for (let seq = 1; seq <= Number(head?.['seq'] ?? 0); seq += 1) {
      if (stored.has(seq) && !since.has(seq)) continue;
      const from = since.get(seq) ?? now;
      maxMs = Math.max(maxMs, now - from);
      seen.add(seq);
      if (stored.has(seq)) since.delete(seq);
      else since.set(seq, from);
    }
  }

  const watching = (async () => {
    while (!stopping.signal.aborted) {
      await read();
      await delay(readEveryMs);
    }
    await read();
  })();

  return {
    async stop() {
      stopping.abort();
      await watching;
      return { gaps: seen.size, maxMs };
    },
  };
}
