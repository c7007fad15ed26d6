/** Paths of operations with ids in the place of their parameters. */

/** An id that belongs to no room and no user. */
export const unknownId = '00000000-0000-4000-8000-000000000000';

/** Returns the path of an operation with ids that belong to nothing. */
export const filledPath = (path: string): string =>
  path.replace('{message_id}', 'AAAA').replace(/\{\w+\}/g, unknownId);
