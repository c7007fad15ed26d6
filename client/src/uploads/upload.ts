/** A file that is being uploaded for a message, as applications see it. */
import type { ChatProblem } from '../problem.ts';

/** A file of a page, such as from an `<input type="file">`, a drop or the clipboard, or bytes without a name. */
export type UploadFile = Blob & { readonly name?: string };

/**
 * - `waiting`: for other files, for the room or for the network; `problem` says why it could not be sent so far.
 * - `sending`: `sentBytes` of `size` have been sent.
 * - `checking`: the server has the file and checks it. The message can be sent already.
 * - `ready`: the server has accepted the file.
 * - `failed`: it is not tried again by itself; `problem` says why.
 */
export type UploadState = 'waiting' | 'sending' | 'checking' | 'ready' | 'failed';

/** A file that is being uploaded, at one moment. Each change makes another object in the list of the room's uploads. */
export interface Upload {
  /** Stays the same. */
  readonly id: string;
  /** Without a path; empty for bytes without a name. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** The media type that the page knows; empty when it knows none. */
  readonly type: string;
  /** What the file shows, in words. */
  readonly alt: string;
  /** The address of the file on this device, until the message was sent or the upload was removed. */
  readonly previewUrl?: string;
  readonly state: UploadState;
  /** The bytes that have been sent; 0 until the end where the runtime does not report progress. */
  readonly sentBytes: number;
  /** Why it waits or has failed. */
  readonly problem?: ChatProblem | undefined;
  /** Says what the file shows. After the upload has begun, the file is uploaded again when the message is sent. */
  readonly setAlt: (alt: string) => void;
  /** Stops the upload, which can be retried. */
  readonly cancel: () => void;
  /** Uploads a file again that has failed, or now what waits for the network. */
  readonly retry: () => void;
  /** Stops the upload, and removes it from the list. */
  readonly remove: () => void;
}

/** What of an upload changes. */
export type UploadChange = Partial<Pick<Upload, 'name' | 'alt' | 'state' | 'sentBytes' | 'problem'>>;
