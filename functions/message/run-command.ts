/** One command on one connection: the same guards for all, then the command's own file. */
import type { Command, CommandName } from '../../shared/contract/websocket/commands.ts';
import type { Connection } from '../../shared/domain/model.ts';
import { commandCosts } from '../../shared/domain/rate-limits/costs.ts';
import type { Charge } from '../../shared/domain/rate-limits/user-budget.ts';
import type { CommandHandler } from './command.ts';
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
  receivedAt: number = ports.clock.now(),
): Promise<void> {
  await charge(ports, connection, command);
  const handle = handlers[command.type] as CommandHandler<CommandName>;
  await handle(ports, connection, command, receivedAt);
}

/** Commands without a cost of their own must not cost a write either: each instance counts them for itself. */
async function charge(
  { budget, floods, clock }: Dependencies,
  { connectionId, userId }: Connection,
  command: Command,
): Promise<void> {
  const costOf = commandCosts[command.type] as ((command: Command) => Charge) | undefined;
  if (costOf === undefined) floods.spend(connectionId, 1, clock.now());
  else await budget.spend(userId, costOf(command));
}
