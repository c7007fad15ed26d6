/** A list that the server answers page by page. */

export interface Page<T> {
  items: T[];
  /** The query of the next page; undefined on the last one. */
  next: Record<string, string> | undefined;
}

/**
 * A list that is read page by page. A page is requested when it is needed.
 *
 * @example
 * for await (const message of client.http.listMessages({ room_id })) console.log(message.content);
 */
export class PagedList<T> implements AsyncIterable<T> {
  readonly #read: (query: Record<string, string> | undefined) => Promise<Page<T>>;

  /** @internal */
  constructor(read: (query: Record<string, string> | undefined) => Promise<Page<T>>) {
    this.#read = read;
  }

  /** Returns the first page with any items. One request reads a bounded part of the data and may find none in it. */
  async firstPage(): Promise<T[]> {
    for await (const items of this.pages()) if (items.length > 0) return items;
    return [];
  }

  /** Iterates over the pages. */
  async *pages(): AsyncGenerator<T[], void, undefined> {
    let query: Record<string, string> | undefined;
    do {
      const { items, next } = await this.#read(query);
      yield items;
      query = next;
    } while (query !== undefined);
  }

  /** Iterates over the items of all pages. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page;
  }
}
