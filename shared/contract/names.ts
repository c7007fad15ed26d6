/** Compares names. Separate from the schemas of names, so that code that only compares names does not load zod. */

export function isReservedRoomName(name: string): boolean {
  return /^dm_/i.test(name);
}

/** Returns the form in which equal usernames or e-mail addresses are identical. */
export function foldCase(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Returns the form in which equal room names are identical. Both cases are applied, so that ß equals ẞ and ς equals σ. */
export function foldRoomName(name: string): string {
  return name.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
}

export function isSameRoomName(one: string, other: string): boolean {
  return foldRoomName(one) === foldRoomName(other);
}
