/** What lets a socket in, read at once: its own item, its session's revocation, and the room with the member. */
import type { AdmissionStore } from '../domain/ports/sockets.ts';
import { accessPatterns } from './access-patterns.ts';
import { toConnection } from './connection-store.ts';
import { describeKey, type Key } from './keys.ts';
import { isRevokedIn } from './revocation-store.ts';
import { toRoomWithMember } from './room-store.ts';
import type { Table } from './table.ts';

export function admissionStore(table: Table): AdmissionStore {
  const db = accessPatterns(table);
  return {
    async get({ connectionId, ...holder }, roomId) {
      const { userId, sessionId } = holder;
      const items = await db.admission(
        connectionId,
        { userId, sessionId },
        roomId === undefined ? undefined : { roomId, userId },
      );
      const connection = items.find((item) => describeKey(item as unknown as Key).prefix === 'CONN');
      return {
        access: roomId === undefined ? undefined : toRoomWithMember(items, roomId, userId),
        connection: connection && toConnection(connection),
        isRevoked: isRevokedIn(items, holder),
      };
    },
  };
}
