/** What the rules of chat ask of the world about a part of a list. */

export interface Page<T, Place = string> {
  items: T[];
  /** Where the next page starts; undefined on the last. */
  next: Place | undefined;
}
