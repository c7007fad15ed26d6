/** `npm run chat`: signs in, opens a room, and stays until the user leaves. What goes wrong is one line, exit code 1. */
import { WebSocket } from 'ws';
import { ChatProblem, createChatClient, type ChatClient } from '../index.ts';
import { askPassword } from './ask-password.ts';
import { readCommandLine, usage, UsageError, type CommandLine } from './command-line.ts';
import { Conversation } from './conversation.ts';
import { openScreen } from './screen.ts';

try {
  const commandLine = readCommandLine(process.argv.slice(2));
  if (commandLine === 'help') process.stdout.write(usage);
  else await chat(commandLine);
  process.exit(0);
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
}

async function chat({ user, room, url, password }: CommandLine): Promise<void> {
  const client = createChatClient({ url, WebSocket });
  await enter(client, user, password ?? (await askPassword(user)));
  client.connect();
  const screen = openScreen({
    line: (text) => conversation.typed(text),
    key: () => conversation.key(),
    end: () => conversation.leave(),
  });
  const conversation = new Conversation(client, client.room(room), screen);
  const reason = await conversation.over;
  screen.close();
  client.disconnect();
  if (reason !== undefined) throw new UsageError(reason);
}

/** Signs in; a name that emptyPresence has is registered. */
async function enter(client: ChatClient, user: string, password: string): Promise<void> {
  try {
    await client.signIn(user, password);
  } catch (refused) {
    if (!(refused instanceof ChatProblem) || refused.code !== 'invalid_credentials') throw refused;
    try {
      await client.register(user, password);
    } catch (error) {
      const isTaken = error instanceof ChatProblem && error.code === 'username_taken';
      throw isTaken ? new UsageError(`That is not the password of ${user}`) : error;
    }
  }
}

function describe(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (!(error instanceof ChatProblem))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [first] = error.errors;
  return first === undefined ? error.detail : `${first.path}: ${first.message}`;
}
