/** Uploads: files that a client has declared, until they are attached to a message. Times are milliseconds since 1970. */

/** Where an upload is found. */
export interface UploadPlace {
  roomId: string;
  /** 22 characters in base64url. */
  uploadKey: string;
}

/**
 * `awaited`: declared, and not checked yet. `ready`: checked, and can be sent. `refused`: checked, and cannot be sent.
 * `attached`: sent with a message.
 */
export type UploadState = 'awaited' | 'ready' | 'refused' | 'attached';

/** What the check has found out about a file, and where it has put what is served. */
export interface CheckedUpload {
  /** The folder of one run of the check: 128 random bits in base64url. */
  folder: string;
  type: string;
  /** In bytes. */
  size: number;
  /** Of an image that is shown in place, in pixels. Such an image has thumbnails. */
  width?: number;
  height?: number;
}

export interface Upload extends UploadPlace {
  /** Absent for an attachment. The place of a picture is its user's: `roomId` is the user's id. */
  purpose?: 'picture';
  userId: string;
  name: string;
  declaredType: string;
  /** In bytes. The form accepts no other size. */
  declaredSize: number;
  alt?: string;
  createdAtMs: number;
  attachableUntilMs: number;
  state: UploadState;
  /** Of a checked upload. */
  file?: CheckedUpload;
  /** Of a refused upload: the reason, as a code of the contract's errors. */
  problem?: string;
  /** Of an attached upload: the seq of its message. */
  messageSeq?: number;
  /** When the last check began that a send asked for. */
  checkBeganAtMs?: number;
}
