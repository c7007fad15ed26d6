/** The steps of one upload: declares the file, posts it to the storage, and waits until the server has checked it. */
import { attachableHours } from '../contract/file-limits.ts';
import type { Attachment, UploadForm } from '../contract/entities.ts';
import type { ChatProblem } from '../problem.ts';
import type { PostedFile } from '../room/outbox-store.ts';
import { postFile, type PostOptions } from './post-file.ts';
import type { UploaderPorts } from './upload-ports.ts';

export interface PostInput extends Pick<PostOptions, 'file' | 'name' | 'signal' | 'progressed'> {
  declare(): Promise<UploadForm>;
  /** The file is being sent. */
  began(): void;
}

/** A form that the storage refuses may have expired, or the server's credentials with it: so often another one is tried. */
const maxForms = 3;
/** The clocks of this machine and of the server may run apart, and a message takes a while to be sent. */
const marginMs = 10 * 60_000;

/**
 * Declares a file and posts it.
 *
 * @throws {ChatProblem} that of the declaration; `unreachable`, `try_again` or `forbidden` from the storage
 */
export async function post(ports: UploaderPorts, input: PostInput): Promise<PostedFile> {
  const { clock, fetch, Problem } = ports;
  for (let forms = 1; ; forms += 1) {
    const declaredAtMs = clock.now();
    const form = await input.declare();
    input.began();
    const status = await postFile({ ...input, form, fetch, clock }).catch((cause: unknown) => {
      const detail = 'The file could not be sent. Check the network connection, and try again.';
      throw new Problem({ code: 'unreachable', detail, retryable: true, cause });
    });
    if (status < 300) {
      const ready_until = declaredAtMs + attachableHours * 60 * 60_000 - marginMs;
      return { upload_id: form.upload_id, ready_until };
    }
    if (status >= 500 || status === 429 || status === 408)
      throw new Problem({
        code: 'try_again',
        status,
        detail: 'The file could not be stored. Try again.',
        retryable: true,
      });
    if (forms === maxForms)
      throw new Problem({
        code: 'forbidden',
        status,
        detail: 'The file was refused by the storage. Choose it again.',
      });
  }
}

/** The first look comes about when an event-driven check is done; later ones are less frequent. */
const firstLookMs = 400;
const maxLookMs = 5_000;

export type Pause = (milliseconds: number) => Promise<void>;

/**
 * Waits until an upload is checked, at most for that time.
 *
 * @returns undefined when it is not checked yet
 * @throws {ChatProblem} why the server refuses the file; `not_found` when the upload has ended; `unreachable`
 */
export async function awaitCheck(
  { http, clock, asProblem }: UploaderPorts,
  { uploadId, maxMs, pause }: { uploadId: string; maxMs: number; pause: Pause },
): Promise<Attachment | undefined> {
  const endMs = clock.now() + maxMs;
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(maxLookMs, pauseMs * 2)) {
    try {
      return await http.getAttachment({ attachment_id: uploadId });
    } catch (error) {
      const problem = asProblem(error);
      if (!isPending(problem)) throw problem;
      const nextMs = Math.max(pauseMs, problem.retryAfterMs ?? 0);
      if (clock.now() + nextMs > endMs) {
        if (problem.retryable) throw problem;
        return undefined;
      }
      await pause(nextMs);
    }
  }
}

const isPending = ({ status, retryable }: ChatProblem): boolean => status === 409 || retryable;
