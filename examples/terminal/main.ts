/** `npm run chat`: signs in and opens a room in the terminal. Prints errors as one line and exits with code 1. */
import { WebSocket } from 'ws';
import { ChatProblem, createChatClient, type ChatClient } from '../../client/src/index.ts';
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
  const client = createChatClient({ url, WebSocket, logLevel: 'silent' });
  await signInOrRegister(client, user, password ?? (await askPassword(user)));
  client.connect();
  const screen = openScreen({
    line: (text) => conversation.lineEntered(text),
    key: () => conversation.keyPressed(),
    end: () => conversation.leave(),
  });
  const conversation = new Conversation(client, client.room(room), screen);
  const reason = await conversation.ended;
  screen.close();
  client.disconnect();
  if (reason !== undefined) throw new UsageError(reason);
}

/** Signs in, and registers the user when there is none of that name. */
async function signInOrRegister(client: ChatClient, user: string, password: string): Promise<void> {
  try {
    await client.signIn(user, password);
  } catch (refused) {
    if (!(refused instanceof ChatProblem) || refused.code !== 'invalid_credentials') throw refused;
    try {
      await client.register(user, password);
    } catch (error) {
      const isTaken = error instanceof ChatProblem && error.code === 'username_taken';
      throw isTaken ? new UsageError(`Wrong password for ${user}`) : error;
    }
  }
}

function describe(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (!(error instanceof ChatProblem))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [first] = error.errors;
  return first === undefined ? error.detail : first.message;
}
