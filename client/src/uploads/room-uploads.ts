/** The files that a view of a room uploads for its next message. */
import { Listeners } from '../listeners.ts';
import { asProblem } from '../problem.ts';
import * as problems from '../problems.ts';
import type { OutboxFile } from '../room/outbox-store.ts';
import { randomId } from '../system.ts';
import type { Upload, UploadChange, UploadFile } from './upload.ts';
import type { Uploads } from './uploads.ts';

/**
 * The files that are uploaded for the next message of one view of a room. They are uploaded as soon as they are added, three
 * at a time, and freed when they are removed, when the view is closed and when the user signs out.
 *
 * @example
 * for (const file of input.files) room.uploads.add(file);
 * room.uploads.subscribe(() => showRows(room.uploads.getSnapshot()));
 * room.send('Look at these', { attachments: room.uploads.getSnapshot() });
 */
export class RoomUploads {
  /** @internal */
  readonly roomId: () => string | undefined;
  readonly #uploads: Uploads;
  readonly #listeners = new Listeners();
  #list: readonly Upload[] = [];

  /** @internal */
  constructor(uploads: Uploads, roomId: () => string | undefined) {
    this.#uploads = uploads;
    this.roomId = roomId;
  }

  /** Calls the listener after each change, until the returned function is called. */
  subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  /** Returns the uploads, in the order in which they were added: the same list until something changes. */
  getSnapshot = (): readonly Upload[] => this.#list;

  /**
   * Uploads a file for the next message. A file that cannot be sent, such as an empty one or the eleventh, is in the list as
   * `failed`.
   *
   * @param options `alt` says what the file shows, for people who cannot see it
   * @example
   * const { id } = room.uploads.add(file, { alt: 'a map of the way to the station' });
   */
  add = (file: UploadFile, { alt = '' }: { alt?: string } = {}): Upload => {
    const id = randomId();
    const { name = '', size, type } = file;
    const start = (isWanted: boolean): void => {
      this.#uploads
        .use((part) => part.start(id, this, isWanted))
        .catch((error: unknown) => this.change(id, { state: 'failed', problem: asProblem(error) }));
    };
    const upload: Upload = {
      id,
      name,
      size,
      type,
      alt,
      previewUrl: this.#uploads.keep(id, file).url,
      state: 'waiting',
      sentBytes: 0,
      setAlt: (changed) => this.change(id, { alt: changed }),
      cancel: () => start(false),
      retry: () => start(true),
      remove: () => this.#uploads.release(this.drop([{ id }])),
    };
    this.#set([...this.#list, upload]);
    start(true);
    return upload;
  };

  /**
   * Returns what the outbox keeps of uploads of this list.
   *
   * @throws {ChatProblem} `invalid_request` for one that is not in the list, and the problem of one that has failed
   * @internal
   */
  filesOf(chosen: readonly Pick<Upload, 'id'>[]): OutboxFile[] {
    return chosen.map((one) => {
      const upload = this.get(one.id);
      if (upload === undefined || upload.state === 'failed') throw upload?.problem ?? problems.notUploaded();
      const { id, name, type, size, alt } = upload;
      return { id, name, type, size, alt };
    });
  }

  /**
   * Removes uploads from the list, by default all of them. Returns them.
   *
   * @internal
   */
  drop(dropped: readonly Pick<Upload, 'id'>[] = this.#list): readonly Pick<Upload, 'id'>[] {
    if (dropped.length > 0) this.#set(this.#list.filter(({ id }) => !dropped.some((one) => one.id === id)));
    return dropped;
  }

  /** @internal */
  get(id: string): Upload | undefined {
    return this.#list.find((upload) => upload.id === id);
  }

  /** @internal */
  change(id: string, change: UploadChange): void {
    this.#set(this.#list.map((upload) => (upload.id === id ? { ...upload, ...change } : upload)));
  }

  #set(list: readonly Upload[]): void {
    this.#list = list;
    this.#listeners.notify();
  }
}
