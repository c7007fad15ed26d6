/** Makes names that no user or room has had before. */

let counter = 0;

/** Returns a name that is new in this run and differs from the names of earlier runs. */
export function uniqueName(prefix = 'n'): string {
  counter += 1;
  const random = Math.random().toString(36).slice(2, 8);
  return `${prefix}-${process.pid.toString(36)}-${counter}-${random}`;
}
