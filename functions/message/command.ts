/** What the commands have in common: their form, and the room that one is about. */
import type { CommandName, CommandOf } from '../../shared/contract/websocket/commands.ts';
import { ChatError } from '../../shared/domain/chat-error.ts';
import type { RoomAction } from '../../shared/domain/access.ts';
import type { Connection, Head, OpenRoom } from '../../shared/domain/model.ts';
import { verifyAccess } from '../../shared/domain/rooms/verify-access.ts';
import type { Dependencies } from './dependencies.ts';

export type CommandHandler<N extends CommandName> = (
  ports: Dependencies,
  connection: Connection,
  command: CommandOf<N>,
  /** When the gateway received it: it hands frames of one connection on at once, in any order. */
  receivedAt: number,
) => Promise<void>;

/**
 * Verifies the user's right to a room by a head that has just been read or changed; the head itself. What had to be looked
 * up is remembered on the connection, so that it costs nothing until a right in this room ends again.
 * @throws ChatError `not_found`, `forbidden`.
 */
export function verifyOnSocket(
  ports: Pick<Dependencies, 'rooms' | 'connections'>,
  { connectionId, userId }: Connection,
  { action, roomId, room }: { action: RoomAction; roomId: string; room: OpenRoom },
): (head: Head | undefined) => Promise<Head> {
  let { verifiedSeq = 0 } = room;
  return async (head) => {
    const right = await verifyAccess(ports, { action, roomId, userId, verifiedSeq }, head);
    if (right.wasLookedUp) {
      verifiedSeq = right.head.rightsSeq;
      await ports.connections.setVerifiedSeq(connectionId, roomId, verifiedSeq);
    }
    return right.head;
  };
}

/** The room a command is about: the only one, or the one it names. Throws `invalid_request`, `not_found`. */
export function roomOf(
  connection: Connection,
  { room_id: roomId }: { room_id?: string | undefined },
): { roomId: string; room: OpenRoom } {
  const [only, ...others] = Object.keys(connection.rooms);
  const chosen = roomId?.toLowerCase() ?? (others.length === 0 ? only : undefined);
  if (chosen === undefined) {
    throw new ChatError('invalid_request', {
      fields: [{ path: 'room_id', message: 'is needed on this socket' }],
    });
  }
  const room = Object.hasOwn(connection.rooms, chosen) ? connection.rooms[chosen] : undefined;
  if (room === undefined || room.isRemoved === true) {
    throw new ChatError('not_found', { detail: 'That room is not open on this socket' });
  }
  return { roomId: chosen, room };
}
