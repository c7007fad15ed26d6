/** The names of objects in the bucket of files. Permissions and rules of the bucket go by their first part. */
import type { Upload, UploadPlace } from '../model/uploads.ts';
import { decodeAttachmentId, encodeAttachmentId } from './attachment-id.ts';

export const incomingFolder = 'incoming/';

/** The tag of objects that the bucket deletes after a day, because no message and no profile shows them. */
export const unsentTag = { key: 'unsent', value: '1' } as const;

/** Where the form of an upload puts what is posted. */
export const incomingKey = (place: UploadPlace): string => `${incomingFolder}${encodeAttachmentId(place)}`;

/**
 * Returns the upload whose form puts its file there.
 * @throws ChatError `not_found` for another name
 */
export const placeOfIncoming = (key: string): UploadPlace =>
  decodeAttachmentId(key.startsWith(incomingFolder) ? key.slice(incomingFolder.length) : '');

/** Where one of the objects of a checked file is: below its address. */
export const fileKey = ({ roomId }: Pick<Upload, 'roomId'>, folder: string, name: string): string =>
  `files/${roomId}/${folder}/${name}`;
