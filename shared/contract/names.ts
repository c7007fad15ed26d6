/** How names are compared: apart from their schemas, for those who need no others. */

export function isReservedRoomName(name: string): boolean {
  return /^dm_/i.test(name);
}

/** The form in which two usernames or e-mail addresses are the same. */
export function foldCase(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The form in which two room names are the same; upper and lower once each, so that ß and ẞ or ς and σ meet. */
export function foldRoomName(name: string): string {
  return name.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
}

export function isSameRoomName(one: string, other: string): boolean {
  return foldRoomName(one) === foldRoomName(other);
}
