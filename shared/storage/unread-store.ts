/** Seqs that unread counts leave out, as items: number sets of the newest ones, and an archive of the older ones. */
import { chunk } from '../domain/chunk.ts';
import type { SeqSet } from '../domain/model.ts';
import type { UnreadStore } from '../domain/ports/unread.ts';
import { accessPatterns, type SeqBlock } from './access-patterns.ts';
import type { Item } from './item.ts';
import { describeKey, keyOf, keys } from './keys.ts';
import { toHead } from './room-store.ts';
import { toSeqSet } from './seq-set.ts';
import type { Table } from './table.ts';

/** As many seqs of three digits as 1 KB holds, the size of one write unit: those of one bucket share an item. */
const bucketSize = 256;

/** Stay in the item when the older ones are archived, so that recent markers need no archive. */
const seqsKept = 32;

/** Own seqs in an item of the archive: up to 1 KB. */
const archivedAtOnce = 96;

const bucketOf = (seq: number): number => Math.floor(seq / bucketSize);

export function unreadStore(table: Table): UnreadStore {
  const db = accessPatterns(table);
  return {
    async getHead(roomId, userId) {
      const items = await db.headWithOwnSeqs(roomId, userId);
      const head = items.find(({ sk }) => sk === keys.head(roomId).sk);
      const own = items.find(({ sk }) => sk === keys.ownSeqs(roomId, userId).sk);
      return head && { head: toHead(head), own: toOwn(own) };
    },
    async getOwn(userId, roomIds) {
      const items = await db.ownSeqs(userId, roomIds);
      return new Map(items.map((item) => [describeKey(keyOf(item)).id, toOwn(item)]));
    },
    async listArchivedOwn(roomId, userId, after) {
      const { items } = await db.archivedOwnSeqs(roomId, userId, after);
      return items.flatMap((item) => toOwn(item).seqs);
    },
    async listArchivedDead(roomId, after) {
      const { items } = await db.archivedDeadSeqs(roomId, bucketOf(after));
      return items.flatMap((item) => {
        const start = (item['bucket'] as number) * bucketSize;
        return [...(item['offsets'] as Set<number>)].map((offset) => start + offset);
      });
    },
    async addOwn(roomId, userId, seq) {
      return toOwn((await db.recordOwnSeq(roomId, userId, seq)).item);
    },
    async archiveOwn(roomId, userId, own) {
      // First into the archive, then out of the item: in between they are in both, which a union does not mind.
      for (const block of chunk(oldestOf(own), archivedAtOnce).map(blockOf)) {
        await db.archiveOwnSeqs(roomId, userId, block);
        await db.forgetOwnSeqs(roomId, userId, block, own.archivedTo);
      }
    },
    async archiveDead(roomId, dead) {
      const seqs = oldestOf(dead);
      const byBucket = new Map<number, number[]>();
      for (const seq of seqs) {
        const bucket = bucketOf(seq);
        byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), seq - bucket * bucketSize]);
      }
      await Promise.all(
        [...byBucket].map(([bucket, offsets]) => db.archiveDeadSeqs(roomId, bucket, offsets)),
      );
      if (seqs.length > 0) await db.forgetDeadSeqs(roomId, blockOf(seqs), dead.archivedTo);
    },
  };
}

const toOwn = (item: Item | undefined): SeqSet => toSeqSet(item, 'seqs', 'archived_to');

const blockOf = (seqs: number[]): SeqBlock => ({ seqs, last: seqs.at(-1) ?? 0 });

const oldestOf = ({ seqs }: SeqSet): number[] => seqs.toSorted((a, b) => a - b).slice(0, -seqsKept);
