/** A part of a list. */
export interface Page<T, Place = string> {
  items: T[];
  /** Where the next page starts; undefined on the last page. */
  next: Place | undefined;
}
