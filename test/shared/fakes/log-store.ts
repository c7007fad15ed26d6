/** A log in memory, with the conditions of the real one. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import type { ChangeEntry, Head, LogEntry, MessageEntry } from '../../../shared/domain/model.ts';
import type { LogStore } from '../../../shared/domain/ports/log.ts';
import { logOf, putIfFree, type ChatState } from './chat-state.ts';

export function fakeLog(state: ChatState): LogStore {
  const at = (roomId: string, seq: number): LogEntry | undefined => logOf(state, roomId).get(seq);
  const isOwn = (entry: LogEntry | undefined): boolean => entry !== undefined && entry.kind !== 'void';
  const sorted = (roomId: string): LogEntry[] =>
    [...logOf(state, roomId).values()].sort((a, b) => a.seq - b.seq).map((entry) => structuredClone(entry));

  function targetOf({ roomId, targetSeq }: ChangeEntry): MessageEntry | undefined {
    const target = at(roomId, targetSeq);
    return target?.kind === 'message' && !target.isDeleted ? target : undefined;
  }

  return {
    async takeSeq(roomId, { forMessage, endsRight = false }, now): Promise<Head> {
      const head = state.heads.get(roomId);
      if (head === undefined || head.closedAt !== undefined) throw new ChatError('not_found');
      head.seq += 1;
      head.lastAt = now;
      if (forMessage) {
        head.taken += 1;
        head.lastMessageSeq = head.seq;
      }
      if (endsRight) head.rightsSeq = head.seq;
      return structuredClone(head);
    },
    async putMessage(entry, contentHash) {
      const key = `${entry.roomId} ${entry.userId} ${entry.clientId ?? ''}`;
      const known = entry.clientId === undefined ? undefined : state.sendKeys.get(key);
      if (known !== undefined && known.seq !== entry.seq) {
        return { stored: false, reason: 'duplicate', ...known };
      }
      if (!putIfFree(state, entry)) {
        return isOwn(at(entry.roomId, entry.seq)) ? { stored: true } : { stored: false, reason: 'seq_taken' };
      }
      if (entry.clientId !== undefined) state.sendKeys.set(key, { seq: entry.seq, contentHash });
      return { stored: true };
    },
    async putEdit(entry, content) {
      const there = at(entry.roomId, entry.seq);
      if (there !== undefined) return isOwn(there) ? 'stored' : 'seq_taken';
      const target = targetOf(entry);
      if (target === undefined) return 'deleted';
      if (target.editSeq !== undefined && target.editSeq >= entry.seq) return 'overtaken';
      putIfFree(state, entry);
      Object.assign(target, { content, editedAt: entry.at, editSeq: entry.seq });
      return 'stored';
    },
    async putDeletion(entry) {
      const there = at(entry.roomId, entry.seq);
      if (there !== undefined) return isOwn(there) ? 'stored' : 'seq_taken';
      const target = targetOf(entry);
      if (target === undefined) return 'deleted';
      putIfFree(state, entry);
      state.heads.get(entry.roomId)?.dead.seqs.push(target.seq);
      Object.assign(target, { content: '', isDeleted: true });
      return 'stored';
    },
    async putChangeAlone(entry) {
      if (putIfFree(state, entry)) return 'stored';
      return isOwn(at(entry.roomId, entry.seq)) ? 'stored' : 'seq_taken';
    },
    async putVoid(entry) {
      if (at(entry.roomId, entry.seq) !== undefined) return false;
      const head = state.heads.get(entry.roomId);
      if (entry.wasMessage && head === undefined) throw new ChatError('not_found');
      putIfFree(state, entry);
      if (!entry.wasMessage || head === undefined) return true;
      head.voids += 1;
      head.dead.seqs.push(entry.seq);
      return true;
    },
    async putVoids(entries) {
      if (entries.some(({ roomId, seq }) => at(roomId, seq) !== undefined)) return false;
      for (const entry of entries) await this.putVoid(entry);
      return true;
    },
    get: async (roomId, seq) => structuredClone(at(roomId, seq)),
    getMany: async (wanted) =>
      structuredClone(
        wanted.map(({ roomId, seq }) => at(roomId, seq)).filter((entry) => entry !== undefined),
      ),
    range: async (roomId, after, before, limit) =>
      sorted(roomId)
        .filter(({ seq }) => seq > after && seq < before)
        .slice(0, limit),
    rangeDown: async (roomId, before, limit) =>
      sorted(roomId)
        .filter(({ seq }) => seq < before)
        .reverse()
        .slice(0, limit),
  };
}
