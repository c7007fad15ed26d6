/** Parses a line that the user typed: a message or a command. */

export type Line =
  | { kind: 'empty' }
  | { kind: 'message'; content: string }
  | { kind: 'users' | 'older' | 'help' | 'quit' }
  /** Without a seq, the command is about the user's newest message. */
  | { kind: 'edit'; seq: number | undefined; content: string }
  | { kind: 'delete'; seq: number | undefined }
  | { kind: 'unknown'; hint: string };

/** Two slashes start a message whose text starts with one slash. */
export function parseLine(text: string): Line {
  if (text.trim() === '') return { kind: 'empty' };
  if (!text.startsWith('/') || text.startsWith('//')) {
    return { kind: 'message', content: text.replace(/^\/\//, '/') };
  }
  const [, name = '', number, rest = ''] = /^\/(\S*)\s*(?:#(\d+)(?:\s+|$))?([^]*)$/.exec(text) ?? [];
  const seq = number === undefined ? undefined : Number(number);
  switch (name) {
    case 'users':
    case 'older':
    case 'help':
    case 'quit':
      return { kind: name };
    case 'edit':
      return rest.trim() === ''
        ? { kind: 'unknown', hint: 'Usage: /edit [#N] TEXT' }
        : { kind: 'edit', seq, content: rest };
    case 'delete':
      return rest.trim() === '' ? { kind: 'delete', seq } : { kind: 'unknown', hint: 'Usage: /delete [#N]' };
    default:
      return { kind: 'unknown', hint: `Unknown command /${name}. Type /help for the list` };
  }
}
