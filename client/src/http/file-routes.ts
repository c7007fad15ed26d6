/** The operations with files, which servers of earlier versions do not have. */
import type { Attachment } from '../contract/entities.ts';
import type { Route } from '../contract/routes.ts';

/** A form for posting one file. */
export interface UploadForm {
  upload_id: string;
  url: string;
  /** To be sent before the file, which is the last field, named `file`. */
  fields: Record<string, string>;
  /** How many seconds the form can be posted. */
  expires_in: number;
}

export interface FileOperations {
  createUpload(args: {
    room_id: string;
    name: string;
    type: string;
    size: number;
    alt?: string;
  }): Promise<UploadForm>;
  getAttachment(args: { attachment_id: string }): Promise<Attachment>;
  createProfilePicture(args: { type: string; size: number }): Promise<UploadForm>;
  removeProfilePicture(): Promise<void>;
}

export const fileRoutes: Record<keyof FileOperations, Route> = {
  createUpload: { method: 'POST', path: '/chat/rooms/{room_id}/uploads/', auth: 'required' },
  getAttachment: { method: 'GET', path: '/chat/attachments/{attachment_id}/', auth: 'required' },
  createProfilePicture: { method: 'POST', path: '/users/auth/profile/picture/', auth: 'required' },
  removeProfilePicture: { method: 'DELETE', path: '/users/auth/profile/picture/', auth: 'required' },
};
