/**
 * Logs of rooms. Only the writer that took a seq stores an entry under it, except for void entries: an entry that
 * exists already and is no void entry is the writer's own, from an attempt whose response was lost.
 */
import { ChatError } from '../domain/chat-error.ts';
import type { LogStore } from '../domain/ports/log.ts';
import { headItems, parseHead } from './entities/head.ts';
import { isDeletedMessage, isWritten, logEntryItems } from './entities/log-entry.ts';
import { sendKey, sendKeyItem, sendKeyItems } from './entities/send-key.ts';
import type { Table } from './table.ts';

export function logStore(table: Table): LogStore {
  const heads = headItems(table);
  const entries = logEntryItems(table);
  const sendKeys = sendKeyItems(table);
  return {
    async takeSeq(roomId, purpose, at) {
      const outcome = await heads.takeSeq(roomId, purpose, at);
      if (!outcome.ok) throw new ChatError('not_found');
      return parseHead(outcome.item);
    },
    async putMessage(entry, contentHash) {
      const { clientId, attachments = [] } = entry;
      if (clientId === undefined && attachments.length === 0) {
        const outcome = await entries.put(entry);
        return outcome.ok || isWritten(outcome.item)
          ? { stored: true }
          : { stored: false, reason: 'seq_taken' };
      }
      const key = clientId === undefined ? undefined : sendKeyItem(entry, { clientId, contentHash });
      const outcome = await entries.putOnce(entry, key);
      if (outcome.ok) return { stored: true };
      const [seqTaken, ...others] = outcome.failed;
      const keyTaken = key === undefined ? undefined : others.shift();
      if (keyTaken?.item !== undefined) {
        const first = sendKey.parse(keyTaken.item);
        if (first.seq === entry.seq) return { stored: true };
        return { stored: false, reason: 'duplicate', ...first };
      }
      if (seqTaken !== undefined)
        return key === undefined && isWritten(seqTaken.item)
          ? { stored: true }
          : { stored: false, reason: 'seq_taken' };
      if (others.some((failed) => failed !== undefined))
        return { stored: false, reason: 'attachments_taken' };
      throw new ChatError('try_again');
    },
    async putEdit(entry, content) {
      const outcome = await entries.putEdit(entry, content);
      if (outcome.ok) return 'stored';
      const [seqTaken, target] = outcome.failed;
      if (seqTaken !== undefined) return isWritten(seqTaken.item) ? 'stored' : 'seq_taken';
      return isDeletedMessage(target?.item) ? 'deleted' : 'overtaken';
    },
    async putDeletion(entry) {
      const outcome = await entries.putDeletion(entry);
      if (outcome.ok) return 'stored';
      const [seqTaken, target, head] = outcome.failed;
      if (head !== undefined) throw new ChatError('not_found');
      if (seqTaken !== undefined) return isWritten(seqTaken.item) ? 'stored' : 'seq_taken';
      return isDeletedMessage(target?.item) ? 'deleted' : 'overtaken';
    },
    async putChangeAlone(entry) {
      const outcome = await entries.put(entry);
      return outcome.ok || isWritten(outcome.item) ? 'stored' : 'seq_taken';
    },
    async putVoids(voids) {
      const [first] = voids;
      if (first === undefined) return true;
      // A transaction would cost twice the write units.
      if (voids.length === 1 && !first.wasMessage) return (await entries.put(first)).ok;
      const messages = voids.filter(({ wasMessage }) => wasMessage).map(({ seq }) => seq);
      const outcome = await entries.putVoids(voids, first.roomId, messages);
      const isTaken = !outcome.ok && outcome.failed.slice(0, voids.length).some((failed) => failed);
      if (!outcome.ok && !isTaken) throw new ChatError('not_found');
      return outcome.ok;
    },
    findSend: sendKeys.find,
    get: entries.get,
    getMany: (positions, { consistent } = { consistent: true }) => entries.getMany(positions, consistent),
    range: entries.listUp,
    async rangeDown(roomId, before, limit) {
      // DynamoDB rejects a range that ends before it begins.
      return before <= 1 ? [] : entries.listDown(roomId, before, limit);
    },
  };
}
