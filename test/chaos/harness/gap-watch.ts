/** Watches a room's log for numbers that were taken and under which nothing lies, and how long each stays so. */

import { setTimeout as delay } from 'node:timers/promises';
import type { TableReader } from './table-reader.ts';

export interface GapWatch {
  /** Ends the watch; seqs that were holes, and milliseconds of the longest one, to within a look. */
  stop(): Promise<{ holes: number; maxMs: number }>;
}

const lookEveryMs = 400;

export function watchGaps(table: TableReader, roomId: string): GapWatch {
  const since = new Map<number, number>();
  let maxMs = 0;
  const seen = new Set<number>();
  const stopping = new AbortController();

  async function look(): Promise<void> {
    // The head first: what is stored after it was read can only make fewer holes.
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
      await look();
      await delay(lookEveryMs);
    }
    await look();
  })();

  return {
    async stop() {
      stopping.abort();
      await watching;
      return { holes: seen.size, maxMs };
    },
  };
}
