/** The addresses of files, as the domain needs them. */
import type { UploadPlace } from '../model/uploads.ts';

export interface FileOfMessage {
  roomId: string;
  /** Of one file: 128 random bits in base64url. */
  folder: string;
  /** The file itself, or the thumbnail of an image that lists show. */
  name: 'original' | '320';
}

/** Returns an address that ends after an hour to an hour and a half. */
export type AddressOfFile = (file: FileOfMessage) => string;

export interface FileAddresses {
  /** Returns what makes the addresses of one answer. It may have to read the key first, which can fail. */
  open(): Promise<AddressOfFile>;
}

/**
 * Has an upload checked, and waits for some seconds. Returns whether the check has ended: an upload that is still awaited then
 * has no file.
 */
export type CheckUpload = (place: UploadPlace) => Promise<boolean>;

/** The one object that a form accepts. */
export interface PostedObject {
  /** The name of the object. */
  key: string;
  contentType: string;
  /** The exact number of bytes. */
  size: number;
}

export interface UploadForms {
  /** Returns where to post a form and its fields, which are good for `limits.uploadFormLifetimeSeconds`. */
  formFor(object: PostedObject): Promise<{ url: string; fields: Record<string, string> }>;
}
