/** Uploads files, one run for each: repeats what fails for a while, and shows how far it is. */
import { acceptableName, problemOfFile } from './file-rules.ts';
import { assertWanted, type Pauses } from './pauses.ts';
import { awaitCheck, post } from './transfer.ts';
import { Turns } from './turns.ts';
import type { UploadChange } from './upload.ts';
import type { LocalFile, UploaderPorts, UploadTarget } from './upload-ports.ts';

/** An upload that is under way or has ended. */
export interface Run {
  id: string;
  local: LocalFile;
  name: string;
  type: string;
  /** What the file shows, as it is declared. */
  alt: string;
  signal: AbortSignal;
  /** Each target shows how far it is: the list of a room, and the message that the file has become a part of. */
  targets: UploadTarget[];
  hasFailed: boolean;
  /** Resolves when the server has the file. */
  posted: Promise<void>;
  /** Resolves when it was checked, or the check takes too long. */
  checked: Promise<void>;
}

const maxParallel = 3;
const firstPauseMs = 1_000;
const maxPauseMs = 30_000;
/** A problem that lasts longer than this is for the user to decide about. */
const maxRetryAfterMs = 5 * 60_000;
/** The id of a room becomes known with its first answer. */
const roomLookMs = 500;
const maxCheckMs = 2 * 60_000;

export class UploadRuns {
  readonly #ports: UploaderPorts;
  readonly #pauses: Pauses;
  readonly #turns = new Turns(maxParallel);
  readonly #runs = new WeakMap<LocalFile, Run>();

  constructor(ports: UploaderPorts, pauses: Pauses) {
    this.#ports = ports;
    this.#pauses = pauses;
  }

  /** Joins the upload of a file; starts one if there is none, or none with what the file shows now. */
  run(local: LocalFile, target: UploadTarget): Run {
    const { id, file } = local;
    const { name = file.name ?? '', type = file.type, alt = '' } = target.get(id) ?? {};
    const known = this.#runs.get(local);
    if (known?.alt === alt && !known.hasFailed) {
      if (!known.targets.includes(target)) known.targets.push(target);
      return known;
    }
    this.stop(local);
    local.stop = new AbortController();
    const { signal } = local.stop;
    const nothing = Promise.resolve();
    const state = { hasFailed: false, posted: nothing, checked: nothing };
    const run: Run = { id, local, name, type, alt, signal, targets: [target], ...state };
    this.#runs.set(local, run);
    run.posted = this.#post(run);
    run.checked = run.posted.then(() => this.#check(run));
    run.checked.catch((error: unknown) => {
      run.hasFailed = true;
      local.posted = undefined;
      if (!signal.aborted) this.#show(run, { state: 'failed', problem: this.#ports.asProblem(error) });
    });
    return run;
  }

  /** Stops the upload of a file, if there is one, and forgets what has become of it. */
  stop(local: LocalFile): void {
    local.stop?.abort();
    local.posted = undefined;
    this.#runs.delete(local);
  }

  #show({ id, targets }: Run, change: UploadChange): void {
    for (const target of targets) target.change(id, change);
  }

  /** Posts a file, and repeats that for as long as it may succeed. */
  async #post(run: Run): Promise<void> {
    const { asProblem, random, Problem } = this.#ports;
    const { local, signal, alt } = run;
    const refusal = problemOfFile(local.file);
    if (refusal !== undefined) throw new Problem(refusal);
    for (let failures = 0; ; failures += 1) {
      try {
        const roomId = await this.#roomOf(run);
        local.posted = await this.#turns.run(() => this.#postOnce(run, roomId));
        Object.assign(local, { alt, roomId });
        return;
      } catch (error) {
        assertWanted(signal);
        const problem = asProblem(error);
        const { retryAfterMs = 0, retryable } = problem;
        if (!retryable || retryAfterMs > maxRetryAfterMs) throw problem;
        this.#show(run, { state: 'waiting', sentBytes: 0, problem });
        const pauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** failures) * (0.5 + random() / 2);
        await this.#pauses.wait(Math.max(retryAfterMs, pauseMs), signal);
      }
    }
  }

  async #postOnce(run: Run, roomId: string): ReturnType<typeof post> {
    const { local, signal, alt } = run;
    const { file } = local;
    const type = run.type || 'application/octet-stream';
    const name = acceptableName(run.name);
    const described = { room_id: roomId, name, type, size: file.size, ...(alt !== '' && { alt }) };
    assertWanted(signal);
    const posted = await post(this.#ports, {
      file,
      name,
      signal,
      declare: async () => {
        const form = await this.#ports.http.createUpload(described);
        assertWanted(signal);
        return form;
      },
      began: () => this.#show(run, { state: 'sending', sentBytes: 0, problem: undefined }),
      progressed: (bytes) => this.#show(run, { sentBytes: Math.min(bytes, file.size) }),
    });
    assertWanted(signal);
    return posted;
  }

  async #check(run: Run): Promise<void> {
    const { asProblem } = this.#ports;
    const { local, signal } = run;
    if (local.posted === undefined) return;
    this.#show(run, { state: 'checking', sentBytes: local.file.size });
    const pause = (milliseconds: number): Promise<void> => this.#pauses.wait(milliseconds, signal);
    const looked = { uploadId: local.posted.upload_id, maxMs: maxCheckMs, pause };
    const attachment = await awaitCheck(this.#ports, looked).catch((error: unknown) => {
      // The network was lost in the meantime. The server checks the file when its message is sent.
      if (signal.aborted || !asProblem(error).retryable) throw error;
    });
    if (attachment !== undefined) this.#show(run, { state: 'ready' });
  }

  async #roomOf({ targets, signal }: Run): Promise<string> {
    for (;;) {
      for (const target of targets) {
        const roomId = target.roomId();
        if (roomId !== undefined) return roomId;
      }
      await this.#pauses.wait(roomLookMs, signal);
    }
  }
}
