/** Seqs that unread counts leave out, in memory: nothing is ever archived. */
import { noSeqs } from '../../../shared/domain/messages/unread.ts';
import type { SeqSet } from '../../../shared/domain/model.ts';
import type { UnreadStore } from '../../../shared/domain/ports/unread.ts';
import type { ChatState } from './chat-state.ts';

export function fakeUnread(state: ChatState): UnreadStore {
  const keyOf = (roomId: string, userId: string): string => `${roomId} ${userId}`;
  const ownOf = (roomId: string, userId: string): SeqSet => ({
    ...noSeqs,
    seqs: [...(state.ownSeqs.get(keyOf(roomId, userId)) ?? [])],
  });
  return {
    async getHead(roomId, userId) {
      const head = structuredClone(state.heads.get(roomId));
      return head && { head, own: ownOf(roomId, userId) };
    },
    getOwn: async (userId, roomIds) => new Map(roomIds.map((roomId) => [roomId, ownOf(roomId, userId)])),
    listArchivedOwn: async () => [],
    listArchivedDead: async () => [],
    async addOwn(roomId, userId, seq) {
      const key = keyOf(roomId, userId);
      state.ownSeqs.set(key, (state.ownSeqs.get(key) ?? new Set()).add(seq));
      return ownOf(roomId, userId);
    },
    archiveOwn: async () => undefined,
    archiveDead: async () => undefined,
  };
}
