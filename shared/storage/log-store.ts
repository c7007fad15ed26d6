/**
 * A room's log and its sequencer, as items. Whoever takes a seq is the only one who stores under it, tombstones
 * apart: an entry that stands there already and is no tombstone is the writer's own, stored by a try whose answer
 * was lost.
 */
import { limits } from '../contract/limits.ts';
import { ChatError } from '../domain/chat-error.ts';
import type { LogStore } from '../domain/ports/log.ts';
import { accessPatterns } from './access-patterns.ts';
import { keys } from './keys.ts';
import { entryItem, toEntry } from './log-items.ts';
import { toHead } from './room-store.ts';
import { expiry, type Item } from './item.ts';
import type { Table } from './table.ts';

const dayMs = 24 * 60 * 60 * 1_000;

export function logStore(table: Table): LogStore {
  const db = accessPatterns(table);
  return {
    async takeSeq(roomId, purpose, at) {
      const outcome = await db.takeSeq(roomId, purpose, at);
      if (!outcome.ok) throw new ChatError('not_found');
      return toHead(outcome.item);
    },
    async putMessage(entry, contentHash) {
      const item = entryItem(entry);
      if (entry.clientId === undefined) {
        const outcome = await db.putEntry(item);
        return outcome.ok || isOwn(outcome.item) ? { stored: true } : { stored: false, reason: 'seq_taken' };
      }
      const outcome = await db.putEntryOnce(item, {
        ...keys.sendKey(entry.roomId, entry.userId, entry.clientId),
        seq: entry.seq,
        content_hash: contentHash,
        ttl: expiry(entry.at + limits.sendKeyLifetimeDays * dayMs),
      });
      if (outcome.ok) return { stored: true };
      const [seqTaken, keyTaken] = outcome.failed;
      if (keyTaken?.item !== undefined) {
        const seq = keyTaken.item['seq'] as number;
        if (seq === entry.seq) return { stored: true };
        return {
          stored: false,
          reason: 'duplicate',
          seq,
          contentHash: keyTaken.item['content_hash'] as string,
        };
      }
      if (seqTaken !== undefined) return { stored: false, reason: 'seq_taken' };
      throw new ChatError('try_again');
    },
    async putEdit(entry, content) {
      const outcome = await db.putEdit(
        entryItem(entry),
        keys.entry(entry.roomId, entry.targetSeq),
        { content, edited_at: entry.at, edit_seq: entry.seq },
        entry.seq,
      );
      if (outcome.ok) return 'stored';
      const [seqTaken, target] = outcome.failed;
      if (seqTaken !== undefined) return isOwn(seqTaken.item) ? 'stored' : 'seq_taken';
      return target?.item === undefined || target.item['deleted_at'] !== undefined ? 'deleted' : 'overtaken';
    },
    async putDeletion(entry) {
      const outcome = await db.putDeletion(
        entryItem(entry),
        entry.roomId,
        entry.targetSeq,
        entry.at,
        entry.seq,
      );
      if (outcome.ok) return 'stored';
      const [seqTaken, target, head] = outcome.failed;
      if (head !== undefined) throw new ChatError('not_found');
      if (seqTaken !== undefined) return isOwn(seqTaken.item) ? 'stored' : 'seq_taken';
      return target?.item === undefined || target.item['deleted_at'] !== undefined ? 'deleted' : 'overtaken';
    },
    async putChangeAlone(entry) {
      const outcome = await db.putEntry(entryItem(entry));
      return outcome.ok || isOwn(outcome.item) ? 'stored' : 'seq_taken';
    },
    async putVoid(entry) {
      const item = entryItem(entry);
      if (!entry.wasMessage) return (await db.putEntry(item)).ok;
      const outcome = await db.putVoids([item], entry.roomId, [entry.seq]);
      if (!outcome.ok && outcome.failed[0] === undefined) throw new ChatError('not_found');
      return outcome.ok;
    },
    async putVoids(entries) {
      const [first, ...others] = entries;
      if (first === undefined) return true;
      if (others.length === 0) return this.putVoid(first);
      const messages = entries.filter(({ wasMessage }) => wasMessage).map(({ seq }) => seq);
      const outcome = await db.putVoids(entries.map(entryItem), first.roomId, messages);
      const isTaken = !outcome.ok && outcome.failed.slice(0, entries.length).some((failed) => failed);
      if (!outcome.ok && !isTaken) throw new ChatError('not_found');
      return outcome.ok;
    },
    async get(roomId, seq) {
      const item = await db.entry(roomId, seq);
      return item && toEntry(item);
    },
    async getMany(wanted, { consistent } = { consistent: true }) {
      return (await db.entries(wanted, consistent)).map(toEntry);
    },
    async range(roomId, after, before, limit) {
      return (await db.entriesUp(roomId, after, before, limit)).map(toEntry);
    },
    async rangeDown(roomId, before, limit) {
      // The database refuses a range that ends before it begins.
      if (before <= 1) return [];
      return (await db.entriesDown(roomId, before, limit)).map(toEntry);
    },
  };
}

const isOwn = (item: Item | undefined): boolean => item !== undefined && item['kind'] !== 'void';
