/**
 * Cursors: opaque positions in a list. A cursor is sealed, so that the server accepts only cursors that it
 * issued, each for its own list. The seal is a port, since it needs a secret.
 */
import { invalidField } from './chat-error.ts';
import type { CursorSeal } from './ports/rooms.ts';

/** Identifies a list: the operation, and every parameter that decides what the list contains. */
export type ListName = readonly [operation: string, ...parameters: string[]];

const scopeOf = (list: ListName): string => JSON.stringify(list);

/** Returns the cursor for a position in a list. */
export async function sealCursor(
  { cursors }: { cursors: CursorSeal },
  list: ListName,
  position: readonly string[],
): Promise<string> {
  const encoded = Buffer.from(JSON.stringify(position)).toString('base64url');
  return `${encoded}.${await cursors.sign(scopeOf(list), encoded)}`;
}

/**
 * Returns the position that was sealed.
 * @throws ChatError `invalid_request` for a cursor that was not sealed for this list
 */
export async function openCursor(
  { cursors }: { cursors: CursorSeal },
  list: ListName,
  cursor: string,
): Promise<string[]> {
  const [encoded = '', seal = '', ...rest] = cursor.split('.');
  const isValid = rest.length === 0 && (await cursors.verify(scopeOf(list), encoded, seal));
  if (!isValid) throw invalidField('cursor', 'is not a cursor of this list');
  return JSON.parse(Buffer.from(encoded, 'base64url').toString()) as string[];
}
