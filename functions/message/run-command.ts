/** One command on one connection: the same guards for all, then the command's own file. */
import type { Command, CommandName } from '../../shared/contract/websocket/commands.ts';
import { commandCosts, spendEverywhere } from '../../shared/domain/connections/command-budget.ts';
import type { Connection } from '../../shared/domain/model.ts';
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
): Promise<void> {
  await mustBeWithinBudget(ports, connection, command.type);
  const handle = handlers[command.type] as CommandHandler<CommandName>;
  await handle(ports, connection, command);
}

async function mustBeWithinBudget(
  { connections, floods, clock, settings }: Dependencies,
  connection: Connection,
  name: CommandName,
): Promise<void> {
  const { cost, counted } = commandCosts[name];
  const now = clock.now();
  if (counted === 'here') floods.spend(connection.connectionId, cost, now);
  if (counted === 'everywhere')
    await spendEverywhere(connections, connection, cost, now, settings.commandBudget);
}
