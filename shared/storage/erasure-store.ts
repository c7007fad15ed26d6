/** Erases what deleted accounts left in rooms, in steps. */
import type { ErasureStore } from '../domain/ports/accounts.ts';
import { formerMemberItems } from './entities/former-member.ts';
import { logEntryItems } from './entities/log-entry.ts';
import { memberItems } from './entities/member.ts';
import { ownSeqsItems } from './entities/own-seqs.ts';
import { roomItems } from './entities/room.ts';
import type { Table } from './table.ts';

export function erasureStore(table: Table): ErasureStore {
  const formerMembers = formerMemberItems(table);
  const members = memberItems(table);
  const entries = logEntryItems(table);
  return {
    listRooms: members.listRoomIds,
    listLeftRooms: formerMembers.listRoomIds,
    async renameInLog(roomId, userId, { name, limit, removeFiles }) {
      const former = await formerMembers.get(roomId, userId);
      // The index may show a former member that has been deleted.
      if (former === undefined) return { done: true };
      const part = await entries.listUp(roomId, former.renamedTo, Number.MAX_SAFE_INTEGER, limit);
      for (const entry of part) {
        const files = await entries.renameUser(entry, userId, name);
        if (files.length === 0) continue;
        await removeFiles(files);
        await entries.forgetRemovedFiles(entry);
      }
      const last = part.at(-1);
      if (last === undefined || part.length < limit) return { done: true };
      await formerMembers.setRenamedTo(roomId, userId, last.seq);
      return { done: false };
    },
    renameCreator: roomItems(table).renameCreator,
    forgetLeftRoom: formerMembers.forget,
    forgetOwnSeqs: ownSeqsItems(table).removeSome,
    forgetMember: members.forget,
  };
}
