/** What is read page by page: one envelope for lists and for the account export. */

/** A page with content of any form. */
export interface PageWith<Content, Place = string> {
  items: Content;
  /** Where the next page starts; undefined on the last page. */
  next: Place | undefined;
}

/** A page of a list. */
export type Page<T, Place = string> = PageWith<T[], Place>;
