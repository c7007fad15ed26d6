/**
 * Cursors: opaque places in a list, sealed so that only what this server gave out comes back, and only to the list
 * that it is a place of. The seal itself is a port, since it needs a secret.
 */
import { invalidField } from './chat-error.ts';
import type { CursorSeal } from './ports/rooms.ts';

/** Whose list, and which: the operation, with whatever else decides what the list holds. */
export type ListName = readonly [operation: string, ...parameters: string[]];

const scopeOf = (list: ListName): string => JSON.stringify(list);

export async function sealCursor(
  { cursors }: { cursors: CursorSeal },
  list: ListName,
  position: readonly string[],
): Promise<string> {
  const place = Buffer.from(JSON.stringify(position)).toString('base64url');
  return `${place}.${await cursors.sign(scopeOf(list), place)}`;
}

/** The parts that were sealed. Throws `invalid_request` for anything that was not sealed for that list. */
export async function openCursor(
  { cursors }: { cursors: CursorSeal },
  list: ListName,
  cursor: string,
): Promise<string[]> {
  const [place = '', seal = '', ...more] = cursor.split('.');
  const isOurs = more.length === 0 && (await cursors.verify(scopeOf(list), place, seal));
  if (!isOurs) throw invalidField('cursor', 'is not a cursor of this list');
  return JSON.parse(Buffer.from(place, 'base64url').toString()) as string[];
}
