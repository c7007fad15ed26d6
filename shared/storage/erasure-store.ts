/** What deleted accounts left in rooms, and how far its erasure got. */
import type { ErasureStore } from '../domain/ports/accounts.ts';
import type { Clock } from '../domain/ports/system.ts';
import { accessPatterns } from './access-patterns.ts';
import { expiry, type Item } from './item.ts';
import { keyOf, keys } from './keys.ts';
import type { Table } from './table.ts';

/** Long enough for every repeat of a reaction. */
const stepKeptMs = 7 * 24 * 60 * 60 * 1_000;

/** Word left for the reaction, which ends by itself. */
export function erasureStep(userId: string, step: number, at: number): Item {
  return {
    ...keys.erasureStep(userId, step),
    kind: 'erasure',
    user_id: userId,
    step,
    outbox: 'stream',
    ttl: expiry(at + stepKeptMs),
  };
}

export function erasureStore(table: Table, clock: Clock): ErasureStore {
  const db = accessPatterns(table);
  return {
    async listRooms(userId, limit) {
      return (await db.memberships(userId, limit, undefined)).items.map(roomIdOf);
    },
    async listLeftRooms(userId, limit, after) {
      const { items, last } = await db.leftRooms(userId, limit, after);
      return { items: items.map(roomIdOf), next: last && (last['lookup_sk'] as string) };
    },
    async renameInLog(roomId, userId, name, limit) {
      const former = await db.formerMember(roomId, userId);
      // Forgotten already: the index tells of it a moment longer.
      if (former === undefined) return { done: true };
      const from = (former['renamed_to'] as number | undefined) ?? 0;
      const entries = await db.entriesUp(roomId, from, Number.MAX_SAFE_INTEGER, limit);
      for (const entry of entries) {
        const set = renamed(entry, userId, name);
        if (set !== undefined) await db.renameInEntry(roomId, entry['seq'] as number, set);
      }
      const last = entries.at(-1);
      if (last === undefined || entries.length < limit) return { done: true };
      await db.noteRenamed(roomId, userId, last['seq'] as number);
      return { done: false };
    },
    async renameCreator(roomId, userId, name) {
      await db.renameCreator(roomId, userId, name);
    },
    async forgetLeftRoom(roomId, userId) {
      await db.forgetFormerMember(roomId, userId);
    },
    async forgetOwnSeqs(roomId, userId, limit) {
      const { items, last } = await db.ownSeqsLeft(roomId, userId, limit);
      await db.removeItems(items.map(keyOf));
      return { done: last === undefined };
    },
    async forgetMember(roomId, userId) {
      await db.forgetMember(roomId, userId);
    },
    async continue(userId, step) {
      await db.eraseStep(erasureStep(userId, step, clock.now()));
    },
  };
}

const roomIdOf = (item: Item): string => item['room_id'] as string;

/** What changes in an entry: who wrote it, whom it is about, whose room it tells of. */
function renamed(entry: Item, userId: string, name: string): Item | undefined {
  const set: Item = {};
  if (entry['user_id'] === userId) set['username'] = name;
  if ((entry['member'] as { id?: string } | undefined)?.id === userId) set['member.username'] = name;
  if ((entry['room'] as { creator_id?: string } | undefined)?.creator_id === userId)
    set['room.creator_username'] = name;
  return Object.keys(set).length === 0 ? undefined : set;
}
