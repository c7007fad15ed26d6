/** Parses the flags of `npm run chat`. */
import { parseArgs } from 'node:util';

export interface CommandLine {
  user: string;
  room: string;
  url: string;
  /** Undefined when the user is to be asked for it. */
  password: string | undefined;
}

export const usage = `npm run chat -- --user NAME [flags]

  --user NAME          the user to sign in as; registered if the name is free
  --room ROOM          the room's name or id (default: general)
  --url URL            the address of the API (default: http://127.0.0.1:3000)
  --password PASSWORD  the user's password (default: ask for it)
  --help               print this help

In the room, every line is sent as a message, except for these commands:

  /users               list the users who are present
  /edit [#N] TEXT      edit your last message, or your message N
  /delete [#N]         delete your last message, or your message N
  /older               show older messages
  /help                print this list
  /quit                leave the chat, as do Ctrl-C and Ctrl-D
`;

/** A mistake of the user, described in one line. */
export class UsageError extends Error {}

/**
 * Returns the flags with their defaults, or `help` when that is asked for.
 *
 * @throws {UsageError}
 */
export function readCommandLine(args: string[]): CommandLine | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  if (values.user === undefined || values.user === '') throw new UsageError('--user NAME is required');
  const url = values.url ?? 'http://127.0.0.1:3000';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`--url must be an address such as http://127.0.0.1:3000, not "${url}"`);
  }
  return { user: values.user, room: values.room ?? 'general', url, password: values.password };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        user: { type: 'string' },
        room: { type: 'string' },
        url: { type: 'string' },
        password: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const [sentence = ''] = (cause as Error).message.split('. ');
    throw new UsageError(`${sentence}. Use --help to list the flags`, { cause });
  }
}
