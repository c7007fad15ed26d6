/** What the commands of a socket share: the type of their handlers, and access to the room that a command is about. */
import type { CommandName, CommandOf } from '../../shared/contract/websocket/commands.ts';
import { ChatError } from '../../shared/domain/chat-error.ts';
import type { RoomAction } from '../../shared/domain/access.ts';
import type { Connection, OpenRoom } from '../../shared/domain/model/connections.ts';
import type { Head } from '../../shared/domain/model/rooms.ts';
import { verifyAccess } from '../../shared/domain/rooms/verify-access.ts';
import type { Dependencies } from './dependencies.ts';

export type CommandHandler<N extends CommandName> = (
  ports: Dependencies,
  connection: Connection,
  command: CommandOf<N>,
  /** When the gateway received the frame. It may deliver the frames of one connection at the same time, in any order. */
  receivedAtMs: number,
) => Promise<void>;

/** A room that is open on a socket, for one action of the socket's user. */
export interface SocketRoomAccess {
  roomId: string;
  /** Verifies the user's right by a head that was read or changed after the command came in, and returns that head. */
  verify: (head: Head | undefined) => Promise<Head>;
}

/**
 * Returns the room of a command. A right that `verify` had to look up is recorded on the connection, so that it costs no
 * further request until a right in this room ends again.
 * @throws ChatError `invalid_request`, `not_found`; `verify` throws `not_found`, `forbidden`.
 */
export function accessRoom(
  ports: Pick<Dependencies, 'rooms' | 'connections'>,
  connection: Connection,
  action: RoomAction,
  command: { room_id?: string | undefined },
): SocketRoomAccess {
  const { roomId, room } = roomOf(connection, command);
  const { connectionId, userId } = connection;
  let { verifiedSeq = 0 } = room;
  return {
    roomId,
    verify: async (head) => {
      const access = await verifyAccess(ports, { action, roomId, userId, verifiedSeq }, head);
      if (access.wasLookedUp) {
        verifiedSeq = access.head.rightsSeq;
        await ports.connections.updateRoom(connectionId, roomId, { verifiedSeq });
      }
      return access.head;
    },
  };
}

/**
 * Returns the room that a command names, or the only room of the socket.
 * @throws ChatError `invalid_request` when the command must name a room, `not_found` when the room is not open here.
 */
export function roomOf(
  connection: Connection,
  { room_id: roomId }: { room_id?: string | undefined },
): { roomId: string; room: OpenRoom } {
  const [only, ...others] = Object.keys(connection.rooms);
  const chosen = roomId?.toLowerCase() ?? (others.length === 0 ? only : undefined);
  if (chosen === undefined) {
    throw new ChatError('invalid_request', {
      fields: [{ path: 'room_id', message: 'is required, unless exactly one room is open on this socket' }],
    });
  }
  const room = Object.hasOwn(connection.rooms, chosen) ? connection.rooms[chosen] : undefined;
  if (room === undefined || room.isRemoved === true) {
    throw new ChatError('not_found', { detail: 'This room is not open on this socket' });
  }
  return { roomId: chosen, room };
}
