/** Traces of deleted accounts in memory. */
import type { ErasureStore } from '../../../shared/domain/ports/accounts.ts';
import { logOf, membersOf, type ChatState } from './chat-state.ts';

export function fakeErasures(state: ChatState): ErasureStore & { steps: { userId: string; step: number }[] } {
  const steps: { userId: string; step: number }[] = [];
  const keyOf = (roomId: string, userId: string): string => `${roomId} ${userId}`;
  return {
    steps,
    async listRooms(userId, limit) {
      const rooms = [...state.members].filter(([, members]) => members.has(userId));
      return rooms.map(([roomId]) => roomId).slice(0, limit);
    },
    async listLeftRooms(userId, limit, after) {
      const rooms = [...state.left.keys()]
        .filter((key) => key.endsWith(` ${userId}`))
        .map((key) => key.split(' ')[0]!)
        .filter((roomId) => after === undefined || roomId > after)
        .sort();
      const items = rooms.slice(0, limit);
      return { items, next: rooms.length > limit ? items.at(-1) : undefined };
    },
    async renameInLog(roomId, userId, name, limit) {
      const from = state.left.get(keyOf(roomId, userId));
      if (from === undefined) return { done: true };
      const entries = [...logOf(state, roomId).values()]
        .filter(({ seq }) => seq > from)
        .sort((a, b) => a.seq - b.seq)
        .slice(0, limit);
      for (const entry of entries) {
        if ('userId' in entry && entry.userId === userId) entry.username = name;
        if ('member' in entry && entry.member.userId === userId) entry.member.username = name;
        if ('room' in entry && entry.room.creatorId === userId) entry.room.creatorUsername = name;
      }
      if (entries.length < limit) return { done: true };
      state.left.set(keyOf(roomId, userId), entries.at(-1)!.seq);
      return { done: false };
    },
    async renameCreator(roomId, userId, name) {
      const room = state.rooms.get(roomId);
      if (room?.creatorId === userId) room.creatorUsername = name;
    },
    async forgetLeftRoom(roomId, userId) {
      state.left.delete(keyOf(roomId, userId));
    },
    async forgetOwnSeqs(roomId, userId) {
      state.ownSeqs.delete(keyOf(roomId, userId));
      return { done: true };
    },
    async forgetMember(roomId, userId) {
      membersOf(state, roomId).delete(userId);
    },
    async continue(userId, step) {
      steps.push({ userId, step });
    },
  };
}
