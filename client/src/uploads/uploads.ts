/** The files of this client that the server does not have yet. Loads the code that uploads them with its first use. */
import type { Message } from '../contract/entities.ts';
import { asProblem } from '../problem.ts';
import * as problems from '../problems.ts';
import type { OutboxEntry } from '../room/outbox-store.ts';
import type { Upload, UploadFile } from './upload.ts';
import type { LoaderPorts, LocalFile } from './upload-ports.ts';
import type { Uploader } from './uploader.ts';

/** The part of the global object that is used here: some runtimes have no such addresses. */
const { URL: addresses } = globalThis as {
  URL?: Partial<Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'>>;
};

export class Uploads {
  /** By the ids that this client has given them. */
  readonly files = new Map<string, LocalFile>();
  /** Resolves when the files of the messages that were removed last are removed from the device. */
  removed: Promise<unknown> = Promise.resolve();
  readonly #ports: LoaderPorts;
  #part: Promise<Uploader> | undefined;
  /** The code, once it is loaded. Before that, no file waits. */
  loaded: Uploader | undefined;

  constructor(ports: LoaderPorts) {
    this.#ports = ports;
    ports.session.ended.add(() => this.release(this.files.values()));
  }

  /** @throws {ChatProblem} `unreachable` when the code cannot be loaded, or the problem of the work */
  use<T>(work: (part: Uploader) => T | Promise<T>): Promise<T> {
    this.#part ??= import('./uploader.ts').then(
      (part) => (this.loaded = new part.Uploader({ ...this.#ports, uploads: this })),
      (error: unknown) => {
        this.#part = undefined;
        throw problems.noCode(error);
      },
    );
    return this.#part.then(work);
  }

  /** Works on the files of messages. Without the code, which is loaded again later, the messages wait. */
  useFor(
    entries: readonly OutboxEntry[],
    work: (part: Uploader) => Promise<void>,
  ): Promise<unknown> | undefined {
    return entries.some(({ files }) => files) ? this.use(work).catch(asProblem) : undefined;
  }

  keep(id: string, file: UploadFile): LocalFile {
    const local = { id, file, url: addresses?.createObjectURL?.(file) };
    this.files.set(id, local);
    return local;
  }

  /** Returns the files of an unsent message, once the code is loaded. */
  viewOf(entry: OutboxEntry): Pick<Message, 'attachments'> | undefined {
    return entry.files && this.loaded?.viewOf(entry.files);
  }

  /** Removes the files of a message that was sent or discarded. */
  forget(entry: OutboxEntry): void {
    this.release(entry.files ?? []);
    this.removed = this.useFor([entry], (part) => part.forget(entry)) ?? this.removed;
  }

  /** Stops uploads, and frees what they hold. */
  release(files: Iterable<Pick<Upload, 'id'>>): void {
    for (const { id } of files) {
      const { url, stop } = this.files.get(id) ?? {};
      this.files.delete(id);
      stop?.abort();
      if (url !== undefined) addresses?.revokeObjectURL?.(url);
    }
  }
}
