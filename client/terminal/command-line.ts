/** Reads the flags of `npm run chat`; it connects nothing. */
import { parseArgs } from 'node:util';

export interface CommandLine {
  user: string;
  room: string;
  url: string;
  /** Asked for when absent. */
  password: string | undefined;
}

export const usage = `npm run chat -- --user NAME [flags]

  --user NAME          who to sign in as; registered when there is no such user yet
  --room ROOM          the room's name or id, general when absent
  --url URL            where the API answers, http://127.0.0.1:3000 when absent
  --password PASSWORD  asked for when absent
  --help               print this

In the room: a line is sent as it is, and these are commands.

  /users               who is here
  /edit [#N] TEXT      change your last message, or your message N
  /delete [#N]         delete your last message, or your message N
  /older               show older messages
  /help                print this list
  /quit                leave (Ctrl-C and Ctrl-D do, too)
`;

/** What the user did wrong, in one line. */
export class UsageError extends Error {}

/** The flags, or that help is wanted. Throws `UsageError`. */
export function readCommandLine(args: string[]): CommandLine | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  if (values.user === undefined || values.user === '') throw new UsageError('Say who you are: --user NAME');
  const url = values.url ?? 'http://127.0.0.1:3000';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`--url is "${url}", expected an address such as http://127.0.0.1:3000`);
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
    throw new UsageError(`${sentence} (--help lists the flags)`, { cause });
  }
}
