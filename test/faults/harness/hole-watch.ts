/** Watches a room's log for numbers that were taken and under which nothing lies, and how long each stays so. */

import { setTimeout as delay } from 'node:timers/promises';
import type { TableReader } from './table-reader.ts';

export interface HoleWatch {
  /** Ends the watch; seqs that were holes, and milliseconds of the longest one, to within a look. */
  stop(): Promise<{ holes: number; longestMs: number }>;
}

const lookEveryMs = 400;

export function watchHoles(table: TableReader, roomId: string): HoleWatch {
  const since = new Map<number, number>();
  let longestMs = 0;
  let stopping = false;

  async function look(): Promise<void> {
    // The head first: what is stored after it was read can only make fewer holes.
    const head = await table.headOf(roomId);
    const stored = new Set((await table.logOf(roomId)).map(({ seq }) => seq));
    const now = Date.now();
    for (let seq = 1; seq <= Number(head?.['seq'] ?? 0); seq += 1) {
      if (!stored.has(seq)) since.set(seq, since.get(seq) ?? now);
      else if (since.has(seq)) longestMs = Math.max(longestMs, now - since.get(seq)!);
      if (stored.has(seq)) since.delete(seq);
      else longestMs = Math.max(longestMs, now - since.get(seq)!);
    }
    for (const seq of since.keys()) seen.add(seq);
  }

  const seen = new Set<number>();
  const watching = (async () => {
    while (!stopping) {
      await look();
      await delay(lookEveryMs);
    }
    await look();
  })();

  return {
    async stop() {
      stopping = true;
      await watching;
      return { holes: seen.size, longestMs };
    },
  };
}
