/**
 * Uploads files, for the next message of a room and for messages of the outbox, and renews the addresses of attachments. It
 * is loaded apart from the core, of which it uses types alone.
 */
import type { Attachment, Message } from '../contract/entities.ts';
import type { ChatProblem } from '../problem.ts';
import type { OutboxEntry, OutboxFile } from '../room/outbox-store.ts';
import { problemOfCount, stoppedUpload } from './file-rules.ts';
import { OutboxFiles } from './outbox-files.ts';
import { Pauses } from './pauses.ts';
import { setPicture } from './profile-picture.ts';
import { withAttachment } from './renewed-log.ts';
import type { UploaderPorts, UploadList } from './upload-ports.ts';
import { UploadRuns } from './upload-runs.ts';

export class Uploader {
  readonly #ports: UploaderPorts;
  readonly #pauses: Pauses;
  readonly #runs: UploadRuns;
  readonly #outboxFiles: OutboxFiles;
  readonly #renewing = new Map<string, Promise<Attachment>>();

  constructor(ports: UploaderPorts) {
    this.#ports = ports;
    this.#pauses = new Pauses(ports.clock);
    this.#runs = new UploadRuns(ports, this.#pauses);
    this.#outboxFiles = new OutboxFiles(ports, { runs: this.#runs, pauses: this.#pauses });
  }

  /** Uploads a file of a room's list, which shows how far it is; or stops that. */
  start(id: string, list: UploadList, isWanted: boolean): void {
    const { uploads, Problem } = this.#ports;
    const local = uploads.files.get(id);
    // Already removed, or part of a message, which uploads it.
    if (local === undefined || list.get(id) === undefined) return;
    const index = list.getSnapshot().findIndex((upload) => upload.id === id);
    const refusal = isWanted ? problemOfCount(index + 1) : stoppedUpload;
    if (refusal !== undefined) {
      this.#runs.stop(local);
      list.change(id, { state: 'failed', problem: new Problem(refusal) });
      return;
    }
    list.change(id, { state: 'waiting', sentBytes: 0, problem: undefined });
    this.#runs.run(local, list);
    this.wake();
  }

  /** Tries again now what waits for the network. */
  wake(): void {
    this.#pauses.wake();
  }

  /** @throws {ChatProblem} `outbox_full` for files that the server does not have, when too many wait already */
  assertRoomFor(entry: Pick<OutboxEntry, 'user_id' | 'files'>, waiting: readonly OutboxEntry[]): void {
    this.#outboxFiles.assertRoomFor(entry, waiting);
  }

  /** Keeps the files of messages on the device, and takes from there those that were written before a reload. */
  adopt(entries: readonly OutboxEntry[]): Promise<void> {
    return this.#outboxFiles.adopt(entries);
  }

  /** Shows files that were not sent by their addresses on this device. */
  viewOf(files: readonly OutboxFile[]): Pick<Message, 'attachments'> {
    const { files: local } = this.#ports.uploads;
    const attachments = files.map(({ id, name, type, size, alt }) => {
      const url = local.get(id)?.url ?? '';
      return { attachment_id: id, name, type, size, ...(alt !== '' && { alt }), url };
    });
    return { attachments };
  }

  /** Removes the files of a message from the device. */
  forget(entry: OutboxEntry): Promise<void> {
    return this.#outboxFiles.forget(entry);
  }

  /**
   * Uploads the files of a message that the server does not have, or looks at them again after a refusal. Returns all of
   * them; undefined when the server has the message already, with other uploads.
   *
   * @throws {ChatProblem}
   */
  prepare(entry: OutboxEntry, refusal?: ChatProblem): Promise<readonly OutboxFile[] | undefined> {
    this.wake();
    return refusal === undefined
      ? this.#outboxFiles.prepare(entry)
      : this.#outboxFiles.prepareAgain(entry, refusal);
  }

  /** Returns an attachment with new addresses, which all rooms show from now on. */
  renew(attachmentId: string): Promise<Attachment> {
    const renewing =
      this.#renewing.get(attachmentId) ??
      this.#renew(attachmentId).finally(() => this.#renewing.delete(attachmentId));
    this.#renewing.set(attachmentId, renewing);
    return renewing;
  }

  setPicture(file: Blob): Promise<string> {
    return setPicture(this.#ports, file, (milliseconds) => this.#pauses.wait(milliseconds));
  }

  async #renew(attachmentId: string): Promise<Attachment> {
    const attachment = await this.#ports.http.getAttachment({ attachment_id: attachmentId });
    this.#ports.updateLogs((log) => withAttachment(log, attachment));
    return attachment;
  }
}
