/** Connections: what is more than one question to the table. */
import type { ConnectionStore } from '../domain/ports/sockets.ts';
import { connectionItems } from './entities/connection.ts';
import type { Table } from './table.ts';

/** No function lives longer: a join that was received earlier is over. */
const maxJoinMs = 60_000;
/** A client that leaves more rooms than this in that time is not protected from its own order of frames. */
const maxLeavesRecorded = 64;

export function connectionStore(table: Table): ConnectionStore {
  const { recordLeave, closeRoom, ...items } = connectionItems(table);
  return {
    ...items,
    async leaveRoom({ connectionId, leaveReceivedAt = {} }, roomId, receivedAt) {
      // First the record, which a join that is still running will find; then the room, which a finished join has opened.
      const past = Object.entries(leaveReceivedAt).filter(([, leftAt]) => leftAt < receivedAt - maxJoinMs);
      if (Object.keys(leaveReceivedAt).length - past.length < maxLeavesRecorded) {
        const forget = past.map(([id]) => id).filter((id) => id !== roomId);
        await recordLeave(connectionId, { roomId, receivedAt, forget });
      }
      const room = (await items.get(connectionId))?.rooms[roomId];
      if (room === undefined) return undefined;
      return (await closeRoom(connectionId, roomId, receivedAt)) ? room : undefined;
    },
  };
}
