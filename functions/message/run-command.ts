/** One command on one connection: the same guards for all, then the command's own file. */
import type { Command, CommandName, CommandOf } from '../../shared/contract/websocket/commands.ts';
import { ChatError } from '../../shared/domain/chat-error.ts';
import type { Connection, OpenRoom } from '../../shared/domain/model.ts';
import { auth } from './commands/auth.ts';
import { deleteCommand } from './commands/delete.ts';
import { edit } from './commands/edit.ts';
import { history } from './commands/history.ts';
import { join } from './commands/join.ts';
import { leave } from './commands/leave.ts';
import { message } from './commands/message.ts';
import { ping } from './commands/ping.ts';
import { read } from './commands/read.ts';
import { typing } from './commands/typing.ts';
import type { Dependencies } from './dependencies.ts';

export type CommandHandler<N extends CommandName> = (
  ports: Dependencies,
  connection: Connection,
  command: CommandOf<N>,
) => Promise<void>;

const handlers: { [N in CommandName]: CommandHandler<N> } = {
  message,
  typing,
  read,
  edit,
  delete: deleteCommand,
  history,
  join,
  leave,
  auth,
  ping,
};

/** Throws what the client is to be told. */
export async function runCommand(
  ports: Dependencies,
  connection: Connection,
  command: Command,
): Promise<void> {
  const handle = handlers[command.type] as CommandHandler<CommandName>;
  await handle(ports, connection, command);
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
