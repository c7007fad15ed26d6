/** Cursors: opaque places in a list. One only ever names a place within a list that its bearer may read anyway. */
import { invalidField } from './chat-error.ts';

/** Longer than any position that a list of ours has, and shorter than what the table takes as a key. */
const positionBytes = 1_500;

/** What the table takes as a sort key. */
const partBytes = 1_024;

export function sealCursor(position: readonly string[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The parts that were sealed. Throws `invalid_request` for anything but a cursor with that many parts. */
export function openCursor(cursor: string, parts: number): string[] {
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.length > positionBytes ? undefined : parse(bytes.toString());
  const isPosition =
    Array.isArray(position) &&
    position.length === parts &&
    position.every((part) => typeof part === 'string' && part !== '' && Buffer.byteLength(part) <= partBytes);
  if (!isPosition) throw invalidField('cursor', 'is not a cursor');
  return position;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON: not a cursor either.
    return undefined;
  }
}
