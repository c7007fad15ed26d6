/** What a room is asked for by: its id, or a name that a user typed. */

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The form in which two names of one room are the same, nearly: the server decides in the end. */
export function foldKey(nameOrId: string): string {
  return nameOrId.normalize('NFKC').toLowerCase();
}

/** The id, if it is one; no name has that form. */
export function idOfKey(nameOrId: string): string | undefined {
  const folded = foldKey(nameOrId);
  return uuid.test(folded) ? folded : undefined;
}
