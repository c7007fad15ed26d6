/** Takes a frame to the handler of its command: parses it, validates it by the contract, charges its cost, and runs it. */
import * as limits from '../../shared/contract/limits.ts';
import { isLineOfText } from '../../shared/contract/text.ts';
import {
  commands,
  variants,
  type Command,
  type CommandName,
} from '../../shared/contract/websocket/commands.ts';
import { ChatError, invalidField } from '../../shared/domain/chat-error.ts';
import type { Connection } from '../../shared/domain/model/connections.ts';
import { commandCharges } from '../../shared/domain/rate-limits/charges.ts';
import type { Charge } from '../../shared/domain/rate-limits/user-budget.ts';
import { validate } from '../../shared/lambda/validate.ts';
import type { CommandHandler } from './command.ts';
import { auth } from './commands/auth.ts';
import { deleteCommand } from './commands/delete.ts';
import { edit } from './commands/edit.ts';
import { history } from './commands/history.ts';
import { inbox } from './commands/inbox.ts';
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
  inbox,
  auth,
  ping,
};

/** @throws ChatError `payload_too_large`, `invalid_request`. */
export function parseFrame(body: string | undefined): unknown {
  if (Buffer.byteLength(body ?? '') > limits.frameBytes) throw new ChatError('payload_too_large');
  try {
    return JSON.parse(body ?? '') as unknown;
  } catch {
    // The parser's error is not passed on as the cause, because it quotes the frame.
    throw new ChatError('invalid_request', { detail: 'The frame is not JSON' });
  }
}

/** Returns the command of a parsed frame. @throws ChatError `invalid_request`, `payload_too_large`. */
export function readCommand(frame: unknown): Command {
  if (!isObject(frame)) throw new ChatError('invalid_request', { detail: 'A frame must be one JSON object' });
  const { type } = frame;
  if (type === undefined && 'message' in frame) return validate(variants.untypedMessage, frame);
  if (typeof type !== 'string' || !Object.hasOwn(commands, type)) {
    throw invalidField('type', 'is not a known command');
  }
  return validate(commands[type as keyof typeof commands], frame);
}

/** Returns the `ref` or `client_id` that an error refers to. The frame may have failed validation. */
export function refOf(frame: unknown): string | undefined {
  if (!isObject(frame)) return undefined;
  const { ref, client_id: clientId } = frame;
  return [ref, clientId].find(
    (candidate) =>
      typeof candidate === 'string' &&
      candidate !== '' &&
      candidate.length <= limits.refLength &&
      isLineOfText(candidate),
  ) as string | undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Charges a command to its user and runs it. Throws the ChatError that the client receives. */
export async function runCommand(
  ports: Dependencies,
  connection: Connection,
  command: Command,
  receivedAtMs: number = ports.clock.now(),
): Promise<void> {
  await charge(ports, connection, command);
  const handle = handlers[command.type] as CommandHandler<CommandName>;
  await handle(ports, connection, command, receivedAtMs);
}

/** Commands without a cost of their own are counted in memory by each instance, so that counting costs no write. */
async function charge(
  { budget, floods, clock }: Dependencies,
  { connectionId, userId }: Connection,
  command: Command,
): Promise<void> {
  const costOf = commandCharges[command.type] as ((command: Command) => Charge) | undefined;
  if (costOf === undefined) floods.spend(connectionId, 1, clock.now());
  else await budget.spend(userId, costOf(command));
}
