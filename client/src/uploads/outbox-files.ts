/** The files of unsent messages: keeps them on the device, and uploads those that the server does not have. */
import type { ChatProblem } from '../problem.ts';
import type { OutboxEntry, OutboxFile } from '../room/outbox-store.ts';
import { maxStoredBytes, maxStoredFiles } from './file-rules.ts';
import { FileStore } from './file-store.ts';
import type { Pauses } from './pauses.ts';
import { awaitCheck } from './transfer.ts';
import type { UploadRuns } from './upload-runs.ts';
import type { LocalFile, UploaderPorts } from './upload-ports.ts';

/** A message does not wait longer than this for the check of a file: the server checks it when it is sent. */
const maxCheckMs = 10_000;
/** An upload that was found in order is looked at again after this time. */
const trustMs = 5 * 60_000;

export interface OutboxFilesParts {
  runs: UploadRuns;
  pauses: Pauses;
}

export class OutboxFiles {
  readonly #ports: UploaderPorts;
  readonly #parts: OutboxFilesParts;
  readonly #store: FileStore;
  readonly #preparing = new Map<string, Promise<readonly OutboxFile[]>>();
  /** The ids of the uploads with which a message was refused, by its `client_id`. */
  readonly #refused = new Map<string, string>();
  /** The users whose stored files have been compared with their messages. */
  readonly #cleaned = new Set<string>();

  constructor(ports: UploaderPorts, parts: OutboxFilesParts) {
    this.#ports = ports;
    this.#parts = parts;
    this.#store = new FileStore(ports);
  }

  /** @throws {ChatProblem} `outbox_full` for files that the server does not have, when too many wait already */
  assertRoomFor(
    { user_id: userId, files = [] }: Pick<OutboxEntry, 'user_id' | 'files'>,
    waiting: readonly OutboxEntry[],
  ): void {
    const { uploads, Problem } = this.#ports;
    if (files.every(({ id }) => uploads.files.get(id)?.posted !== undefined)) return;
    const all = waiting.flatMap((entry) => (entry.user_id === userId ? (entry.files ?? []) : []));
    const bytes = [...all, ...files].reduce((sum, { size }) => sum + size, 0);
    if (bytes > maxStoredBytes || all.length + files.length > maxStoredFiles)
      throw new Problem({
        code: 'outbox_full',
        detail: 'Too many files wait to be sent. Wait until they are uploaded, or discard some.',
      });
  }

  /** Keeps the files of messages on the device, and takes from there those that were written before a reload. */
  async adopt(entries: readonly OutboxEntry[]): Promise<void> {
    const { uploads, clock } = this.#ports;
    for (const entry of entries) {
      const { files = [] } = entry;
      const here = files.flatMap(({ id }) => {
        const { file, posted } = uploads.files.get(id) ?? {};
        return file === undefined ? [] : [{ id, file, isPosted: posted !== undefined }];
      });
      if (here.length > 0) await this.#store.put(entry, here, clock.now());
      if (here.length < files.length) await this.#load(entry);
    }
  }

  /** Removes the files of a message from the device. */
  forget(entry: OutboxEntry): Promise<void> {
    return this.#store.remove(entry);
  }

  /**
   * Uploads the files of a message that the server does not have. Returns all of them.
   *
   * @throws {ChatProblem}
   */
  prepare(entry: OutboxEntry): Promise<readonly OutboxFile[]> {
    const { client_id: clientId } = entry;
    const preparing =
      this.#preparing.get(clientId) ??
      exclusively(`chat:upload:${clientId}`, () => this.#prepare(entry)).finally(() =>
        this.#preparing.delete(clientId),
      );
    this.#preparing.set(clientId, preparing);
    return preparing;
  }

  /**
   * Looks at the uploads of a message again after the server has refused it. They are in order when the same ones are refused
   * after that.
   *
   * @returns undefined when the server has the message already, with other uploads
   * @throws {ChatProblem}
   */
  async prepareAgain(entry: OutboxEntry, refusal: ChatProblem): Promise<readonly OutboxFile[] | undefined> {
    const { client_id: clientId, files = [] } = entry;
    const ids = files.map(({ upload_id }) => upload_id).join();
    if (this.#refused.get(clientId) !== ids) {
      this.#refused.set(clientId, ids);
      return Promise.all(files.map((file) => this.#prepareFile({ ...file, ready_until: 0 }, entry)));
    }
    this.#refused.delete(clientId);
    // An earlier attempt, whose answer was lost, or another tab has sent the message.
    if (refusal.code === 'conflict') return undefined;
    const { detail, status } = refusal;
    throw new this.#ports.Problem({ code: 'invalid_request', detail, status });
  }

  async #load(entry: OutboxEntry): Promise<void> {
    const { uploads, outbox, clock } = this.#ports;
    const { user_id: userId, files = [] } = entry;
    if (files.every(({ id }) => uploads.files.has(id))) return;
    if (!this.#cleaned.has(userId)) {
      this.#cleaned.add(userId);
      void this.#store.clean(userId, clock.now(), () => outbox.entriesOf(userId));
    }
    const stored = await this.#store.read(entry);
    for (const [id, file] of stored) if (!uploads.files.has(id)) uploads.keep(id, file);
  }

  async #prepare(entry: OutboxEntry): Promise<readonly OutboxFile[]> {
    const { outbox } = this.#ports;
    const { client_id: clientId, user_id: userId } = entry;
    // Another tab may have uploaded them.
    const current = (await outbox.entriesOf(userId)).find(({ client_id }) => client_id === clientId) ?? entry;
    await this.#load(current);
    return Promise.all((current.files ?? []).map((file) => this.#prepareFile(file, current)));
  }

  async #prepareFile(file: OutboxFile, { room_id: roomId }: OutboxEntry): Promise<OutboxFile> {
    const { uploads, clock, Problem } = this.#ports;
    const { runs, pauses } = this.#parts;
    const { id, name, type, alt, ready_until = 0 } = file;
    if (ready_until > clock.now()) return file;
    const local = uploads.files.get(id);
    const posted = local?.alt === alt && local.roomId === roomId ? local.posted : undefined;
    const isNew = posted !== undefined && posted.upload_id !== file.upload_id;
    if (isNew && posted.ready_until > clock.now()) return { ...file, ...posted };
    if (file.upload_id !== undefined) {
      if (await this.#isInOrder(file.upload_id, local))
        return { ...file, ready_until: clock.now() + trustMs };
      if (local !== undefined) runs.stop(local);
    }
    if (local === undefined)
      throw new Problem({
        code: 'file_lost',
        detail: 'This device does not have the file any more. Add it again.',
      });
    if (local.roomId !== undefined && local.roomId !== roomId) runs.stop(local);
    const run = runs.run(local, { roomId: () => roomId, get: () => ({ name, type, alt }), change: () => {} });
    await run.posted;
    await Promise.race([run.checked, pauses.wait(maxCheckMs, run.signal)]);
    return { ...file, ...local.posted };
  }

  /**
   * Returns false for an upload that has ended, or whose file was not posted.
   *
   * @throws {ChatProblem} why the server refuses the file
   */
  async #isInOrder(uploadId: string, local: LocalFile | undefined): Promise<boolean> {
    const pause = (milliseconds: number): Promise<void> =>
      this.#parts.pauses.wait(milliseconds, local?.stop?.signal);
    try {
      return (await awaitCheck(this.#ports, { uploadId, maxMs: maxCheckMs, pause })) !== undefined;
    } catch (error) {
      if (this.#ports.asProblem(error).status === 404) return false;
      throw error;
    }
  }
}

/** The part of `navigator` that is used here. */
interface LocksLike {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Runs the work in one tab at a time, where the browser can tell tabs apart and lets the page do so. */
async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const { locks } = (globalThis as { navigator?: { locks?: LocksLike | null } }).navigator ?? {};
  if (!locks) return work();
  let hasStarted = false;
  const start = (): Promise<T> => {
    hasStarted = true;
    return work();
  };
  try {
    return await locks.request(name, start);
  } catch (error) {
    if (hasStarted) throw error;
    return work();
  }
}
