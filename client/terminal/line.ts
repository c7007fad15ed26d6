/** What a line that was typed means: a message, or a command about the conversation. */

export type Line =
  | { kind: 'nothing' }
  | { kind: 'message'; content: string }
  | { kind: 'users' | 'older' | 'help' | 'quit' }
  /** Without a seq, the newest of one's own messages. */
  | { kind: 'edit'; seq: number | undefined; content: string }
  | { kind: 'delete'; seq: number | undefined }
  | { kind: 'unknown'; hint: string };

/** A line that starts with two slashes is a message that starts with one. */
export function readLine(text: string): Line {
  if (text.trim() === '') return { kind: 'nothing' };
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
        ? { kind: 'unknown', hint: 'Say what it should be: /edit [#N] TEXT' }
        : { kind: 'edit', seq, content: rest };
    case 'delete':
      return rest.trim() === ''
        ? { kind: 'delete', seq }
        : { kind: 'unknown', hint: 'It is /delete or /delete #N' };
    default:
      return { kind: 'unknown', hint: `There is no /${name}: /help lists the commands` };
  }
}
