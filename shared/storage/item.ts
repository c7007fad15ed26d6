/** Items as they are stored. */

export type Item = Record<string, unknown>;

/** The value of the `ttl` attribute: whole seconds since 1970, not before that time. */
export function expiry(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000);
}
