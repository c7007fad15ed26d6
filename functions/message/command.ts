/** What the commands have in common: their form, and the room that one is about. */
import type { CommandName, CommandOf } from '../../shared/contract/websocket/commands.ts';
import { ChatError } from '../../shared/domain/chat-error.ts';
import type { Connection, OpenRoom } from '../../shared/domain/model.ts';
import type { Dependencies } from './dependencies.ts';

export type CommandHandler<N extends CommandName> = (
  ports: Dependencies,
  connection: Connection,
  command: CommandOf<N>,
) => Promise<void>;

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
