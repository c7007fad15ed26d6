/** Uploads, as the domain needs them from storage. All reads are consistent. */
import type { Page } from './page.ts';
import type { CheckedUpload, Upload, UploadPlace } from '../model/uploads.ts';

/** What one user may upload in a day. */
export interface UploadQuota {
  files: number;
  bytes: number;
}

export interface UploadStore {
  /**
   * Counts a file of that size for the user's day. Returns false, and counts nothing, when the quota would be exceeded,
   * whatever is counted at the same time.
   */
  reserve(
    userId: string,
    day: { startsAtMs: number; endsAtMs: number },
    bytes: number,
    quota: UploadQuota,
  ): Promise<boolean>;
  declare(upload: Upload): Promise<void>;
  get(place: UploadPlace): Promise<Upload | undefined>;
  /** Returns those that exist, in no order. */
  getMany(places: UploadPlace[]): Promise<Upload[]>;
  /**
   * Records that a check begins now, so that no other is asked for while it runs. Returns false when one began within
   * `restMs`, or when none is awaited.
   */
  beginCheck(place: UploadPlace, now: number, restMs: number): Promise<boolean>;
  /** Records the result of a check, unless one was recorded before. Returns the upload as it is; undefined when it is gone. */
  settle(
    place: UploadPlace,
    result: { file: CheckedUpload } | { problem: string },
  ): Promise<Upload | undefined>;
  /** Returns uploads of a room in the order of their keys, after that key. */
  list(roomId: string, limit: number, after: string | undefined): Promise<Page<Upload>>;
  /**
   * Refuses an upload that was not sent, so that it is neither checked nor sent any more. Returns it, with its file if it had
   * been checked; undefined when it was sent or is gone.
   */
  withdraw(place: UploadPlace): Promise<Upload | undefined>;
  /** Removes uploads, of which some may not exist. */
  removeMany(places: readonly UploadPlace[]): Promise<void>;
}
