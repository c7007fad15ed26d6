/** An answer that comes in pages: read one, or walk through all of them. It knows nothing of what is on a page. */

export interface Page<T> {
  items: T[];
  /** The query of the next page; undefined on the last one. */
  next: Record<string, string> | undefined;
}

export class PagedList<T> implements AsyncIterable<T> {
  private readonly read: (query: Record<string, string> | undefined) => Promise<Page<T>>;

  constructor(read: (query: Record<string, string> | undefined) => Promise<Page<T>>) {
    this.read = read;
  }

  /** The first page that holds anything: one request reads a bounded part, and may find nothing in it. */
  async firstPage(): Promise<T[]> {
    for await (const items of this.pages()) if (items.length > 0) return items;
    return [];
  }

  /** Page after page, each asked for when it is wanted. */
  async *pages(): AsyncGenerator<T[], void, undefined> {
    let query: Record<string, string> | undefined;
    do {
      const { items, next } = await this.read(query);
      yield items;
      query = next;
    } while (query !== undefined);
  }

  /** Item after item, in the order of the pages. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page;
  }
}
