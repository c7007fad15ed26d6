/** The bucket of files, as the domain needs it. */
import type { ContentHeaders } from '../files/content-headers.ts';

export interface ObjectStore {
  /** Returns the bytes of an object; undefined when there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Stores an object with the tag by which the bucket deletes it, unless the tag is removed. */
  putUnsent(key: string, bytes: Uint8Array, headers: ContentHeaders): Promise<void>;
  /** Removes that tag from objects, of which some may not exist. May be repeated. */
  keep(keys: readonly string[]): Promise<void>;
  /** Removes objects, of which some may not exist. */
  remove(keys: readonly string[]): Promise<void>;
  /**
   * Removes objects of a folder, up to `limit` of them: one request to list and one to delete for each 1,000. Returns whether
   * all of them are gone. Consistent.
   * @param prefix ends in a slash, such as `files/{roomId}/`
   */
  removeBelow(prefix: string, options: { limit: number }): Promise<{ isDone: boolean }>;
}
