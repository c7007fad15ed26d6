/** Uploads, as the domain needs them from storage. All reads are consistent. */
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
  /** Records the result of a check, unless one was recorded before. Returns the upload as it is; undefined when it is gone. */
  settle(
    place: UploadPlace,
    result: { file: CheckedUpload } | { problem: string },
  ): Promise<Upload | undefined>;
}
