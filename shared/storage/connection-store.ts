/** Connections, with the changes that take more than one request. */
import type { ConnectionStore } from '../domain/ports/sockets.ts';
import { connectionItems } from './entities/connection.ts';
import type { Table } from './table.ts';

/** No function runs longer, so a join that was received earlier has ended. */
const maxJoinMs = 60_000;
/** A client that leaves more rooms than this in that time is not protected from its own order of frames. */
const maxLeavesRecorded = 64;

export function connectionStore(table: Table): ConnectionStore {
  const { recordLeave, closeRoom, ...items } = connectionItems(table);
  return {
    ...items,
    async leaveRoom({ connectionId, leaveReceivedAtMs = {} }, roomId, receivedAtMs) {
      // Record the leave first, so that a join that is still running fails; then close the room if a join has opened it.
      const past = Object.entries(leaveReceivedAtMs).filter(
        ([, leftAtMs]) => leftAtMs < receivedAtMs - maxJoinMs,
      );
      if (Object.keys(leaveReceivedAtMs).length - past.length < maxLeavesRecorded) {
        const forget = past.map(([id]) => id).filter((id) => id !== roomId);
        await recordLeave(connectionId, { roomId, receivedAtMs, forget });
      }
      const room = (await items.get(connectionId))?.rooms[roomId];
      if (room === undefined) return undefined;
      return (await closeRoom(connectionId, roomId, receivedAtMs)) ? room : undefined;
    },
  };
}
